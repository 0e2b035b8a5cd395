import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';

const E164 = /^\+[1-9]\d{6,14}$/;
const SEPARATORS = /[\s\p{Dash_Punctuation}\u2212./()\p{Default_Ignorable_Code_Point}]/gu;
/** Omitted in international format. */
const TRUNK_PREFIX = /\(0\)/g;

/**
 * Converts to E.164: removes separators and the national `(0)`, and replaces `00` by `+`. A text that
 * is not a phone number is returned unchanged.
 */
export function toE164(text: string): string {
  const digits = text.normalize('NFKC').replace(TRUNK_PREFIX, '').replace(SEPARATORS, '');
  const number = digits.replace(/^00/, '+');
  return E164.test(number) ? number : text;
}

/** A phone number with its country code; the property becomes E.164. */
export function IsPhoneNumber(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? toE164(value) : value,
    ),
    Matches(E164, {
      message:
        '$property must be a phone number with its country code, such as +91 98765 43210 or 0091 98765 43210',
    }),
  );
}

export const PHONE_NUMBER = {
  type: String,
  description: 'With the country code, in groups or not; kept in E.164 form.',
  example: '+919876543210',
} as const;
