import { Modal } from '@mantine/core';
import { SignInPanel } from './sign-in-panel';

interface SignInModalProps {
  opened: boolean;
  onClose: () => void;
}

/** Over whatever page it was opened from, which is still there afterwards, with all that was chosen. */
export function SignInModal({ opened, onClose }: SignInModalProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Sign in or register"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <SignInPanel onSignedIn={onClose} />
    </Modal>
  );
}
