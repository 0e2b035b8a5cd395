import { useDisclosure } from '@mantine/hooks';
import { createContext, use, type ReactNode } from 'react';
import { SignInModal } from '../features/auth/components/sign-in-modal';

const SignInContext = createContext<() => void>(() => undefined);

/** Opens the sign-in over the page one is on, so that the chosen show is still there afterwards. */
export function useSignIn(): () => void {
  return use(SignInContext);
}

export function SignInProvider({ children }: { children: ReactNode }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <SignInContext value={open}>
      {children}
      <SignInModal opened={opened} onClose={close} />
    </SignInContext>
  );
}
