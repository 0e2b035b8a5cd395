import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, type ReactNode } from 'react';
import { fieldErrors } from '../../../lib/api/field-errors';
import { checkShow } from '../check-show';
import type { ShowFormValues } from '../show-form-values';
import { ShowBasicsFields } from './show-basics-fields';
import { ShowSaleFields } from './show-sale-fields';
import { ShowTimeFields } from './show-time-fields';

interface ShowFormProps {
  initialValues: ShowFormValues;
  submitLabel: string;
  pending: boolean;
  /** The last error; its field errors are shown at their fields. */
  error: Error | null;
  /** Shown above the buttons. */
  children?: ReactNode;
  onSubmit: (values: ShowFormValues) => void;
  onDiscard: () => void;
}

export function ShowForm(props: ShowFormProps) {
  const { initialValues, submitLabel, pending, error, children, onSubmit, onDiscard } = props;
  const form = useForm<ShowFormValues>({
    initialValues,
    validate: (values) => checkShow(values, initialValues),
  });
  const { setErrors } = form;

  useEffect(() => setErrors(fieldErrors(error)), [error, setErrors]);

  return (
    <form
      noValidate
      onSubmit={form.onSubmit(onSubmit, (_errors, _values, event) => focusFirstInvalid(event))}
    >
      <Stack gap="lg">
        <ShowBasicsFields form={form} />
        <ShowTimeFields form={form} opened={initialValues} />
        <ShowSaleFields form={form} />
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDiscard}>
            Discard
          </Button>
          <Button type="submit" loading={pending}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Focuses the first invalid field of a long form. */
function focusFirstInvalid(event: React.FormEvent<HTMLFormElement> | undefined): void {
  const form = event?.currentTarget;
  // The attribute is there after the errors have been rendered.
  setTimeout(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
