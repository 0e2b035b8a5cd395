import { QueryClient } from '@tanstack/react-query';
import { retryDelay, retryRead } from './api/retry';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The socket keeps what is on screen fresh; this is for pages one comes back to.
      staleTime: 30_000,
      retry: retryRead,
      retryDelay,
      // The engine may run on this very machine, with no network at all.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
