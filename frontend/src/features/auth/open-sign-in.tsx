import { modals } from '@mantine/modals';
import { SignInPanel } from './components/sign-in-panel';

/** Over the page one is on, which is still there afterwards, with all that was chosen. */
export function openSignIn(): void {
  modals.open({
    title: 'Sign in or register',
    children: <SignInPanel onSignedIn={() => modals.closeAll()} />,
  });
}
