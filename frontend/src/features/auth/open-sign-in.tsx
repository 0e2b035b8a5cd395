import { modals } from '@mantine/modals';
import { SignInPanel } from './components/sign-in-panel';

/** Opens over the current page, which keeps its state. */
export function openSignIn(): void {
  modals.open({
    title: 'Sign in or register',
    children: <SignInPanel onSignedIn={() => modals.closeAll()} />,
  });
}
