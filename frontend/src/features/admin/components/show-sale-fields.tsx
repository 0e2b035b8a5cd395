import { Fieldset, NumberInput, SimpleGrid } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ShowFormValues } from '../show-form-values';

const whole = { allowDecimal: false, allowNegative: false };

export function ShowSaleFields({ form }: { form: UseFormReturnType<ShowFormValues> }) {
  return (
    <Fieldset legend="Sale">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <NumberInput
          label="Total slots"
          description="How many can be booked"
          withAsterisk
          min={1}
          max={1_000_000}
          {...whole}
          {...form.getInputProps('totalSlots')}
        />
        <NumberInput
          label="Slots per person"
          description="Empty: no limit"
          min={1}
          {...whole}
          {...form.getInputProps('maxSlotsPerUser')}
        />
        <NumberInput
          label="Hold, in seconds"
          description="Empty: the default"
          min={1}
          {...whole}
          {...form.getInputProps('holdSeconds')}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
