import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ProblemAlert } from '../../../components/problem-alert';
import { useLogin } from '../api/login';
import { checkEmail } from '../check-email';

export function SignInForm({ onSignedIn }: { onSignedIn?: () => void }) {
  const login = useLogin();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: checkEmail,
      password: (value) => (value === '' ? 'Enter your password' : null),
    },
  });

  return (
    <form
      noValidate
      onSubmit={form.onSubmit((credentials) =>
        login.mutate(credentials, { onSuccess: onSignedIn }),
      )}
    >
      <Stack>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          data-autofocus
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        {login.error && <ProblemAlert error={login.error} />}
        <Button type="submit" loading={login.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
