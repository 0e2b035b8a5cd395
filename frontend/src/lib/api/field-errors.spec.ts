import { describe, expect, it } from '@jest/globals';
import { fieldErrors, isShownAtFields } from './field-errors';
import { ProblemError } from './problem';

const refusal = (...errors: { path: string; message: string }[]) =>
  new ProblemError({ code: 'VALIDATION_FAILED', title: 'Refused', status: 400, errors } as never);
const phone = { path: 'phone', message: 'phone must have a country code' };

describe('the errors of fields', () => {
  it('do not repeat the name of the property', () => {
    expect(fieldErrors(refusal(phone))).toEqual({ phone: 'Must have a country code' });
  });

  it('are all shown where the form has a field for each', () => {
    expect(isShownAtFields(refusal(phone), { phone: '' })).toBe(true);
    expect(isShownAtFields(refusal(phone, { path: 'role', message: 'x' }), { phone: '' })).toBe(
      false,
    );
    expect(isShownAtFields(new Error('no answer'), { phone: '' })).toBe(false);
  });
});
