import { Box, Button, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconBan } from '@tabler/icons-react';
import { ProblemAlert } from '../../../components/problem-alert';
import type { Show } from '../../../lib/api/types';
import { useCancelShow } from '../api/cancel-show';

/** For good: everybody's bookings go with it, so it asks first. */
export function CancelShowButton({ show }: { show: Pick<Show, 'id' | 'title'> }) {
  const cancel = useCancelShow();
  const ask = () =>
    modals.openConfirmModal({
      title: 'Cancel this show?',
      children: (
        <Text>
          “{show.title}” closes at once and all its bookings are cancelled. It cannot be undone.
        </Text>
      ),
      labels: { cancel: 'Keep it', confirm: 'Yes, cancel the show' },
      confirmProps: { color: 'red.9' },
      onConfirm: () => cancel.mutate(show.id),
    });
  return (
    <>
      <Button
        variant="light"
        color="red"
        size="xs"
        leftSection={<IconBan size={16} />}
        loading={cancel.isPending}
        onClick={ask}
      >
        Cancel show
      </Button>
      {cancel.error && (
        <Box w="100%">
          <ProblemAlert error={cancel.error} />
        </Box>
      )}
    </>
  );
}
