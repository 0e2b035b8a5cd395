import { useMutation } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import type { Login, Session } from '../../../lib/api/types';
import { notifyOtherTabs } from '../../../lib/session/other-tabs';
import { startSession } from '../../../lib/session/session';

function login(credentials: Login): Promise<Session> {
  return body(api.POST('/api/v1/auth/login', { body: credentials }));
}

export function useLogin() {
  return useMutation({
    mutationFn: login,
    onSuccess: (session) => {
      startSession(session);
      notifyOtherTabs();
    },
  });
}
