import { Stack, Table, Text } from '@mantine/core';
import type { Show } from '../../../lib/api/types';
import { kindNames } from '../../../lib/kind-names';
import { describeZone, formatDateTime } from '../../../lib/time/zone-time';

/** Everything one wants to know before booking, with all times in the show's own zone. */
export function ShowDetails({ show }: { show: Show }) {
  const at = (iso: string | null) => iso && formatDateTime(iso, show.timeZone);
  const details: [string, string | null][] = [
    ['Kind', kindNames[show.kind]],
    ['Starts', at(show.startsAt)],
    ['Ends', at(show.endsAt)],
    ['Venue', show.venue],
    ['From', show.origin],
    ['To', show.destination],
    ['Practitioner', show.practitioner],
    ['Region', show.region],
    ['Booking opens', at(show.bookingOpensAt)],
    ['Booking closes', at(show.bookingClosesAt)],
    ['Cancel until', at(show.cancelUntil)],
    ['Slots per person', show.maxSlotsPerUser === null ? null : `at most ${show.maxSlotsPerUser}`],
  ];
  return (
    <Stack gap="xs">
      <Table variant="vertical" layout="auto" withRowBorders aria-label="About this show">
        <Table.Tbody>
          {details
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" w={{ base: 110, sm: 160 }}>
                  {name}
                </Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed">
        All times are {describeZone(show.timeZone)}.
      </Text>
    </Stack>
  );
}
