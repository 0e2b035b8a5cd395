import { Fieldset, Select, SimpleGrid, Stack, Text, type OptionsFilter } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { timeZones } from '../../../lib/time/time-zones';
import type { ShowFormValues } from '../show-form-values';
import { TimeField } from './time-field';

/** Names have underscores where people type spaces. */
const findZones: OptionsFilter = ({ options, search, limit }) => {
  const wanted = search.trim().replaceAll(' ', '_').toLowerCase();
  const isWanted = (name: string) => name.toLowerCase().includes(wanted);
  return options.filter((each) => 'value' in each && isWanted(each.value)).slice(0, limit);
};

interface ShowTimeFieldsProps {
  form: UseFormReturnType<ShowFormValues>;
  /** The values that the form opened with. */
  opened: ShowFormValues;
}

export function ShowTimeFields({ form, opened }: ShowTimeFieldsProps) {
  const { timeZone } = form.values;
  const times = { form, opened };
  return (
    <Fieldset legend="When">
      <Stack gap="sm">
        <Select
          label="Time zone"
          description="All times of this show are wall-clock times there."
          // A show may have an older name of a zone, which stays as it is.
          data={timeZones.includes(timeZone) ? timeZones : [timeZone, ...timeZones]}
          searchable
          limit={60}
          filter={findZones}
          allowDeselect={false}
          nothingFoundMessage="No such zone"
          withAsterisk
          {...form.getInputProps('timeZone')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <TimeField {...times} name="startsAt" label="Starts" withAsterisk />
          <TimeField {...times} name="endsAt" label="Ends" />
          <TimeField
            {...times}
            name="bookingOpensAt"
            label="Booking opens"
            description="Empty: at once"
          />
          <TimeField
            {...times}
            name="bookingClosesAt"
            label="Booking closes"
            description="Empty: at the start"
          />
          <TimeField
            {...times}
            name="cancelUntil"
            label="Cancel until"
            description="Empty: until the start"
          />
        </SimpleGrid>
        {opened.startsAt !== '' && (
          <Text size="xs" c="dimmed">
            The end, the end of booking and the last time to cancel move with the start.
          </Text>
        )}
      </Stack>
    </Fieldset>
  );
}
