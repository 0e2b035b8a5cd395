import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ProblemAlert } from '../../../components/problem-alert';
import { fieldErrors, isShownAtFields } from '../../../lib/api/field-errors';
import { useRegister } from '../api/register';
import { checkEmail } from '../check-email';

const SHORTEST_PASSWORD = 10;

export function RegisterForm({ onSignedIn }: { onSignedIn?: () => void }) {
  const register = useRegister();
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      email: checkEmail,
      password: (value) =>
        value.length < SHORTEST_PASSWORD ? `At least ${SHORTEST_PASSWORD} characters` : null,
    },
  });

  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, email, password }) =>
        register.mutate(
          { email, password, ...(name.trim() ? { name: name.trim() } : {}) },
          { onSuccess: onSignedIn, onError: (error) => form.setErrors(fieldErrors(error)) },
        ),
      )}
    >
      <Stack>
        <TextInput
          label="Name (optional)"
          autoComplete="name"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          description={`At least ${SHORTEST_PASSWORD} characters`}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        {register.error && !isShownAtFields(register.error, form.values) && (
          <ProblemAlert error={register.error} />
        )}
        <Button type="submit" loading={register.isPending}>
          Create account
        </Button>
      </Stack>
    </form>
  );
}
