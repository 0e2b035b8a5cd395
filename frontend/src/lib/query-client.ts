import { QueryClient } from '@tanstack/react-query';
import { retryDelay, retryRead } from './api/retry';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The socket updates what is on screen; this is for pages that are visited again.
      staleTime: 30_000,
      retry: retryRead,
      retryDelay,
      // The server may run on this machine, without a network.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
