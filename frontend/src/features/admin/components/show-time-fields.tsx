import { Fieldset, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ShowFormValues } from '../show-form-values';

const zones = Intl.supportedValuesOf('timeZone');

export function ShowTimeFields({ form }: { form: UseFormReturnType<ShowFormValues> }) {
  const { timeZone } = form.values;
  // A zone may be an older name of one the browser lists under its new one.
  const known = zones.includes(timeZone) ? zones : [timeZone, ...zones];
  const time = { type: 'datetime-local' };
  return (
    <Fieldset legend="When">
      <Stack gap="sm">
        <Select
          label="Time zone"
          description="All times of this show are wall-clock times there."
          data={known}
          searchable
          limit={60}
          allowDeselect={false}
          nothingFoundMessage="No such zone"
          withAsterisk
          {...form.getInputProps('timeZone')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <TextInput label="Starts" withAsterisk {...time} {...form.getInputProps('startsAt')} />
          <TextInput label="Ends" {...time} {...form.getInputProps('endsAt')} />
          <TextInput
            label="Booking opens"
            description="Empty: at once"
            {...time}
            {...form.getInputProps('bookingOpensAt')}
          />
          <TextInput
            label="Booking closes"
            description="Empty: at the start"
            {...time}
            {...form.getInputProps('bookingClosesAt')}
          />
          <TextInput
            label="Cancel until"
            description="Empty: until the start"
            {...time}
            {...form.getInputProps('cancelUntil')}
          />
        </SimpleGrid>
      </Stack>
    </Fieldset>
  );
}
