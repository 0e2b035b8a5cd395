import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../../../lib/api/client';
import { retryCommand, retryDelay } from '../../../lib/api/retry';
import { notifyOtherTabs } from '../../../lib/session/other-tabs';
import { endSession } from '../../../lib/session/session';

async function logout(): Promise<void> {
  await answer(api.POST('/api/v1/auth/logout'));
}

export function useLogout() {
  return useMutation({
    mutationFn: logout,
    retry: retryCommand,
    retryDelay,
    // Only after the server has confirmed: otherwise the cookie signs the next reload in again.
    onSuccess: () => {
      endSession();
      notifyOtherTabs();
    },
  });
}
