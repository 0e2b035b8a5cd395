import { Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Show } from '../../../lib/api/types';
import classes from './slot-counter.module.css';

interface SlotCounterProps {
  show: Pick<Show, 'availableSlots' | 'heldSlots' | 'totalSlots'>;
  size?: 'md' | 'lg';
}

const numbers = new Intl.NumberFormat('en-GB');

/** How many slots are free, and how the rest is divided between confirmed and merely held. */
export function SlotCounter({ show, size = 'md' }: SlotCounterProps) {
  const { availableSlots, heldSlots, totalSlots } = show;
  const changes = useChanges(availableSlots);
  const confirmed = totalSlots - availableSlots - heldSlots;
  const share = (slots: number) => (totalSlots === 0 ? 0 : (slots / totalSlots) * 100);
  const large = size === 'lg';
  return (
    <Stack gap={6}>
      <Group justify="space-between" align="baseline" gap="xs" wrap="nowrap">
        <Text size={large ? 'md' : 'sm'}>
          {/* A new key lets the mark of a change start over each time. */}
          <Text
            key={changes}
            component="span"
            data-changed={changes > 0 || undefined}
            data-testid="free-slots"
            className={classes.number}
            fz={large ? 34 : 'xl'}
            fw={700}
          >
            {numbers.format(availableSlots)}
          </Text>{' '}
          of {numbers.format(totalSlots)} free
        </Text>
        {heldSlots > 0 && (
          <Text size="xs" c="dimmed" className={classes.number}>
            {numbers.format(heldSlots)} held
          </Text>
        )}
      </Group>
      <Progress.Root size={large ? 'md' : 'sm'} aria-hidden>
        <Progress.Section value={share(confirmed)} color="indigo" />
        <Progress.Section value={share(heldSlots)} color="orange" />
      </Progress.Root>
    </Stack>
  );
}

/** How often `value` has changed while the component was on screen. */
function useChanges(value: number): number {
  const [seen, setSeen] = useState({ value, changes: 0 });
  if (seen.value !== value) setSeen({ value, changes: seen.changes + 1 });
  return seen.changes;
}
