import { ValidateBy, type ValidationArguments } from 'class-validator';
import { refusePassword } from './password-rules.js';

/** A new password; the object also has the `email` of the account. */
export function IsNewPassword(): PropertyDecorator {
  return ValidateBy({
    name: 'isNewPassword',
    validator: {
      validate: (value, { object }: ValidationArguments) => refuse(value, object) === null,
      defaultMessage: ({ value, object }: ValidationArguments) => refuse(value, object) ?? '',
    },
  });
}

function refuse(value: unknown, account: object): string | null {
  if (typeof value !== 'string') return 'The password must be a text.';
  const { email } = account as { email?: unknown };
  return refusePassword(value, typeof email === 'string' ? email : '');
}
