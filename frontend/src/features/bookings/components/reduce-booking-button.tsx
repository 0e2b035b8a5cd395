import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import { ProblemAlert } from '../../../components/problem-alert';
import type { Booking } from '../../../lib/api/types';
import { useReduceBooking } from '../api/reduce-booking';

type Reducible = Pick<Booking, 'id' | 'reference' | 'quantity'>;

/** Gives some of a booking's slots back and keeps the rest. */
export function ReduceBookingButton({ booking }: { booking: Reducible }) {
  const open = () =>
    modals.open({
      title: `Reduce booking ${booking.reference}`,
      children: <ReduceForm booking={booking} onDone={() => modals.closeAll()} />,
    });
  return (
    <Button variant="default" onClick={open}>
      Reduce
    </Button>
  );
}

function ReduceForm({ booking, onDone }: { booking: Reducible; onDone: () => void }) {
  const most = booking.quantity - 1;
  const [kept, setKept] = useState(most);
  const reduce = useReduceBooking();
  const returned = booking.quantity - kept;

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        reduce.mutate({ id: booking.id, quantity: kept }, { onSuccess: onDone });
      }}
    >
      <Stack>
        <NumberInput
          label="Slots to keep"
          description={`You have ${booking.quantity} now.`}
          data-autofocus
          min={1}
          max={most}
          clampBehavior="strict"
          allowDecimal={false}
          value={kept}
          onChange={(value) => setKept(Math.max(1, Number(value) || 1))}
        />
        {reduce.error && <ProblemAlert error={reduce.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Keep all
          </Button>
          <Button type="submit" loading={reduce.isPending}>
            Give {returned} back
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
