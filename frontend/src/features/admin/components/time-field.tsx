import { SegmentedControl, Stack, Text, TextInput, type TextInputProps } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useId } from 'react';
import { instantsOf, isSkipped, offsetName } from '../../../lib/time/local-input';
import { SKIPPED } from '../check-show';
import type { ShowFormValues } from '../show-form-values';
import { withTime, type TimeName } from '../show-times';

interface TimeFieldProps extends Omit<TextInputProps, 'form' | 'name'> {
  form: UseFormReturnType<ShowFormValues>;
  /** The values that the form opened with. */
  opened: ShowFormValues;
  name: TimeName;
}

/** A local time in the show's zone. Where it occurs twice on that day, the organiser chooses one. */
export function TimeField({ form, opened, name, ...props }: TimeFieldProps) {
  const { values } = form;
  const { timeZone, [name]: local } = values;
  const question = useId();
  const instants = instantsOf(local, timeZone);
  const { error } = form.getInputProps(name);
  const set = (time: { local: string; later: boolean }) => {
    form.setValues(withTime(values, opened, name, time));
    form.clearFieldError(name);
  };
  return (
    <Stack gap={6}>
      <TextInput
        type="datetime-local"
        {...props}
        value={local}
        error={error ?? (isSkipped(local, timeZone) ? SKIPPED : undefined)}
        onChange={({ currentTarget }) => set({ local: currentTarget.value, later: false })}
      />
      {instants.length > 1 && (
        <Stack gap={4}>
          <Text size="xs" c="dimmed" id={question}>
            The clocks go back: this time comes twice. Which one is meant?
          </Text>
          <SegmentedControl
            size="xs"
            aria-labelledby={question}
            data={instants.map((iso, index) => ({
              value: String(index > 0),
              label: `${index > 0 ? 'Second' : 'First'}, ${offsetName(iso, timeZone)}`,
            }))}
            value={String(values.later.includes(name))}
            onChange={(later) => set({ local, later: later === 'true' })}
          />
        </Stack>
      )}
    </Stack>
  );
}
