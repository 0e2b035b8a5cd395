import { Fieldset, SimpleGrid, Stack, Textarea, TextInput, NativeSelect } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { kindNames } from '../../../lib/kind-names';
import type { ShowFormValues } from '../show-form-values';

const kinds = Object.entries(kindNames).map(([value, label]) => ({ value, label }));

export function ShowBasicsFields({ form }: { form: UseFormReturnType<ShowFormValues> }) {
  const { kind } = form.values;
  return (
    <Fieldset legend="What and where">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <TextInput label="Title" withAsterisk maxLength={200} {...form.getInputProps('title')} />
          <NativeSelect label="Kind" data={kinds} {...form.getInputProps('kind')} />
          {kind === 'BUS' && (
            <>
              <TextInput label="From" {...form.getInputProps('origin')} />
              <TextInput label="To" {...form.getInputProps('destination')} />
            </>
          )}
          {kind === 'DOCTOR' && (
            <TextInput label="Practitioner" {...form.getInputProps('practitioner')} />
          )}
          <TextInput
            label={kind === 'BUS' ? 'Departs from (stop)' : 'Venue'}
            {...form.getInputProps('venue')}
          />
          <TextInput label="Region" {...form.getInputProps('region')} />
        </SimpleGrid>
        <Textarea label="Description" autosize minRows={3} {...form.getInputProps('description')} />
      </Stack>
    </Fieldset>
  );
}
