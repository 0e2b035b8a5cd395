import { Alert, Button, Card, Group, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck } from '@tabler/icons-react';
import { ProblemAlert } from '../../../components/problem-alert';
import { fieldErrors, isShownAtFields } from '../../../lib/api/field-errors';
import type { Preferences } from '../../../lib/api/types';
import { useChangePreferences } from '../api/change-preferences';
import {
  toChangePreferences,
  valuesOfPreferences,
  type PreferencesFormValues,
} from '../preferences-form-values';

/** Each name in its own language. */
const languages = [
  { value: 'en', label: 'English' },
  { value: 'hi', label: 'हिन्दी (Hindi)' },
];

export function PreferencesForm({ preferences }: { preferences: Preferences }) {
  const change = useChangePreferences();
  const form = useForm<PreferencesFormValues>({ initialValues: valuesOfPreferences(preferences) });

  const save = (values: PreferencesFormValues) =>
    change.mutate(toChangePreferences(values), {
      // What was typed meanwhile stays in the form, and counts as not saved.
      onSuccess: () => form.resetDirty(values),
      onError: (error) => form.setErrors(fieldErrors(error)),
    });

  const saved = change.isSuccess && !form.isDirty();
  const isAtField = isShownAtFields(change.error, form.values);

  return (
    <form noValidate onSubmit={form.onSubmit(save)}>
      <Card withBorder padding="lg">
        <Stack gap="lg">
          <NativeSelect
            label="Language of messages"
            data={languages}
            {...form.getInputProps('locale')}
          />
          <Switch
            label="E-mail"
            description="Tickets, changes and cancellations, to the address of your account"
            {...form.getInputProps('email', { type: 'checkbox' })}
          />
          <Switch
            label="SMS"
            description="The same in short, to the phone number below"
            {...form.getInputProps('sms', { type: 'checkbox' })}
          />
          <TextInput
            label="Phone number"
            description="With the country code, such as +91 98765 43210"
            type="tel"
            autoComplete="tel"
            {...form.getInputProps('phone')}
          />
          {change.error && !isAtField && <ProblemAlert error={change.error} />}
          {saved && (
            <Alert color="green" role="status" icon={<IconCheck />} title="Preferences saved" />
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </Card>
    </form>
  );
}
