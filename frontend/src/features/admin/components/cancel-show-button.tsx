import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBan } from '@tabler/icons-react';
import { ProblemAlert } from '../../../components/problem-alert';
import type { Show } from '../../../lib/api/types';
import { useCancelShow } from '../api/cancel-show';

/** For good: everybody's bookings go with it, so it asks first. */
export function CancelShowButton({ show }: { show: Pick<Show, 'id' | 'title'> }) {
  const [opened, { open, close }] = useDisclosure(false);
  const cancel = useCancelShow();
  return (
    <>
      <Button
        variant="light"
        color="red"
        size="xs"
        leftSection={<IconBan size={16} />}
        onClick={open}
      >
        Cancel show
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title="Cancel this show?"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Text>
            “{show.title}” closes at once and all its bookings are cancelled. It cannot be undone.
          </Text>
          {cancel.error && <ProblemAlert error={cancel.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button
              color="red"
              loading={cancel.isPending}
              onClick={() => cancel.mutate(show.id, { onSuccess: close })}
            >
              Yes, cancel the show
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
