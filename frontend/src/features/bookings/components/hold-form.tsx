import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { IconLock, IconLogin } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { ProblemAlert } from '../../../components/problem-alert';
import { newIdempotencyKey } from '../../../lib/api/idempotency-key';
import { isOutcomeUnknown } from '../../../lib/api/problem';
import type { Booking, Show } from '../../../lib/api/types';
import { useCreateBooking } from '../api/create-booking';
import { maxSlotsPerBooking } from '../max-slots-per-booking';
import { useOwnHolds } from '../use-own-holds';
import { OwnHolds } from './own-holds';

interface HoldFormProps {
  show: Pick<Show, 'id' | 'maxSlotsPerUser' | 'totalSlots' | 'availableSlots' | 'heldSlots'>;
  signedIn: boolean;
  /** Why nothing can be held now; null while it can. */
  closedReason: string | null;
  onSignIn: () => void;
  onHeld: (booking: Booking) => void;
}

/** Chooses a number of slots and holds them; confirming is the next page's step. */
export function HoldForm({ show, signedIn, closedReason, onSignIn, onHeld }: HoldFormProps) {
  const [quantity, setQuantity] = useState(1);
  const key = useRef<string | null>(null);
  const create = useCreateBooking();
  const most = maxSlotsPerBooking(show);
  const ownHolds = useOwnHolds(show, signedIn);
  // While the outcome is unknown the same attempt is repeated, with the same key and quantity.
  const unknown = isOutcomeUnknown(create.error);

  const hold = () => {
    key.current ??= newIdempotencyKey();
    create.mutate(
      { booking: { showId: show.id, quantity }, idempotencyKey: key.current },
      {
        onSuccess: onHeld,
        onError: (error) => {
          if (!isOutcomeUnknown(error)) key.current = null;
        },
      },
    );
  };

  // A request in flight when the sale closes may still succeed.
  if (closedReason !== null && !create.isPending && !unknown) {
    return (
      <Stack gap="sm">
        {create.error && <ProblemAlert error={create.error} />}
        <OwnHolds show={show} holds={ownHolds} error={create.error} />
        <Text size="sm" c="dimmed">
          {closedReason}
        </Text>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (signedIn) hold();
        else onSignIn();
      }}
    >
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <NumberInput
            label="Slots"
            w={110}
            size="md"
            min={1}
            max={most}
            clampBehavior="strict"
            allowDecimal={false}
            allowNegative={false}
            required
            withAsterisk={false}
            disabled={create.isPending || unknown}
            value={quantity}
            onChange={(value) => setQuantity(Math.max(1, Number(value) || 1))}
          />
          <Button
            type="submit"
            size="md"
            flex="1 0 auto"
            loading={create.isPending}
            leftSection={signedIn ? <IconLock size={18} /> : <IconLogin size={18} />}
          >
            {signedIn ? holdLabel(quantity, unknown) : 'Sign in to book'}
          </Button>
        </Group>
        <Text size="xs" c="dimmed" role="status">
          {hint(create.failureCount, create.isPending, show.availableSlots, quantity, most)}
        </Text>
        {create.error && <ProblemAlert error={create.error} />}
        <OwnHolds show={show} holds={ownHolds} error={create.error} />
      </Stack>
    </form>
  );
}

function holdLabel(quantity: number, unknown: boolean): string {
  if (unknown) return 'Try again safely';
  return `Hold ${quantity} ${quantity === 1 ? 'slot' : 'slots'}`;
}

function hint(
  failures: number,
  pending: boolean,
  free: number,
  quantity: number,
  most: number,
): string {
  if (pending && failures > 0) return 'Very busy: still trying for you. You will not book twice.';
  if (free > 0 && quantity > free) return `Only ${free} free at the moment.`;
  return `Up to ${most} at a time. Held slots are yours until the countdown ends.`;
}
