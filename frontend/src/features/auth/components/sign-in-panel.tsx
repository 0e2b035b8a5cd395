import { Tabs } from '@mantine/core';
import { RegisterForm } from './register-form';
import { SignInForm } from './sign-in-form';

/** Sign-in and registration side by side. */
export function SignInPanel({ onSignedIn }: { onSignedIn?: () => void }) {
  return (
    <Tabs defaultValue="sign-in" keepMounted={false}>
      <Tabs.List grow mb="md">
        <Tabs.Tab value="sign-in">I have an account</Tabs.Tab>
        <Tabs.Tab value="register">I am new here</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="sign-in">
        <SignInForm onSignedIn={onSignedIn} />
      </Tabs.Panel>
      <Tabs.Panel value="register">
        <RegisterForm onSignedIn={onSignedIn} />
      </Tabs.Panel>
    </Tabs>
  );
}
