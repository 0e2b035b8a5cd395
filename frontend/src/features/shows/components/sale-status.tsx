import { Group, Stack, Title } from '@mantine/core';
import { SpokenChange } from '../../../components/spoken-change';
import type { Received, Show } from '../../../lib/api/types';
import { useSaleState } from '../use-sale-state';
import { availabilityNames } from '../availability-names';
import { AvailabilityBadge } from './availability-badge';
import { SaleNotice } from './sale-notice';
import { SlotCounter } from './slot-counter';

/** The live head of a show's booking panel. */
export function SaleStatus({ show }: { show: Received<Show> }) {
  const sale = useSaleState(show);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Availability
        </Title>
        <AvailabilityBadge
          availability={sale.availability}
          cancelled={show.status === 'CANCELLED'}
        />
      </Group>
      {show.status !== 'CANCELLED' && <SlotCounter show={show} size="lg" />}
      <SaleNotice show={show} {...sale} size="lg" />
      <SpokenChange>{`${availabilityNames[sale.availability]}: ${show.availableSlots} of ${show.totalSlots} slots free`}</SpokenChange>
    </Stack>
  );
}
