import { useMutation } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import type { Register, Session } from '../../../lib/api/types';
import { notifyOtherTabs } from '../../../lib/session/other-tabs';
import { startSession } from '../../../lib/session/session';

function register(account: Register): Promise<Session> {
  return body(api.POST('/api/v1/auth/register', { body: account }));
}

export function useRegister() {
  return useMutation({
    mutationFn: register,
    onSuccess: (session) => {
      startSession(session);
      notifyOtherTabs();
    },
  });
}
