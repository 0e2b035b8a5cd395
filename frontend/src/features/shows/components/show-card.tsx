import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import { KindIcon } from '../../../components/kind-icon';
import type { Received, Show } from '../../../lib/api/types';
import { formatPeriod } from '../../../lib/time/zone-time';
import { showPlace } from '../show-place';
import { useSaleState } from '../use-sale-state';
import { AvailabilityBadge } from './availability-badge';
import { SaleNotice } from './sale-notice';
import classes from './show-card.module.css';
import { SlotCounter } from './slot-counter';

/** Memoised: a busy sale moves one counter among many, and only that card renders. */
export const ShowCard = memo(function ShowCard({ show }: { show: Received<Show> }) {
  const sale = useSaleState(show);
  const place = showPlace(show);
  return (
    <Card component="article" aria-label={show.title} withBorder className={classes.card}>
      <Stack gap="sm" h="100%">
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <KindIcon kind={show.kind} />
          <Stack gap={2} flex={1} miw={0}>
            <Title order={2} size="h4" lineClamp={2}>
              <Link to={`/shows/${show.id}`} className={classes.link}>
                {show.title}
              </Link>
            </Title>
            <Text size="sm" c="dimmed">
              {formatPeriod(show.startsAt, show.endsAt, show.timeZone)}
            </Text>
          </Stack>
        </Group>
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
          <Text size="sm" lineClamp={2} className={classes.place}>
            {[place, show.region].filter(Boolean).join(' · ')}
          </Text>
          <AvailabilityBadge
            availability={sale.availability}
            cancelled={show.status === 'CANCELLED'}
          />
        </Group>
        <Stack gap={4} mt="auto">
          <SaleNotice show={show} {...sale} />
          {show.status !== 'CANCELLED' && <SlotCounter show={show} />}
        </Stack>
      </Stack>
    </Card>
  );
});
