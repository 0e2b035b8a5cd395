import { canonicalEmail } from '@modex/domain';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsISO8601, IsString, Length, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { faultOfLine, faultOfLines, linesOf, trimmed } from './text-rules.js';

/** What PostgreSQL can store: no NUL, and no half of a surrogate pair. */
const STORABLE = /^[^\0\p{Surrogate}]*$/u;

/** Until the year 2999, so that an offset cannot carry a time past the year 9999. */
const INSTANT = /^(?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** A point in time: ISO 8601 with an offset, on a day that exists. */
export function IsInstant(): PropertyDecorator {
  return applyDecorators(
    IsISO8601({ strict: true }),
    Matches(INSTANT, { message: '$property must be an ISO 8601 time with an offset, such as Z' }),
  );
}

/** A search text: `min` to `max` characters after trimming. */
export function IsText(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.trim() : value,
    ),
    IsString(),
    Length(min, max),
    Matches(STORABLE, {
      message: '$property must not contain a NUL character or half a character',
    }),
  );
}

/** A text of one line that people can see, such as a name, a title or a place. */
export const IsLine = (min: number, max: number) => textField(min, max, trimmed, faultOfLine);

/** A text that may have several lines. */
export const IsLines = (min: number, max: number) => textField(min, max, linesOf, faultOfLines);

function textField(
  min: number,
  max: number,
  tidy: (text: string) => string,
  faultOf: (text: string) => string | null,
): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? tidy(value) : value)),
    IsString(),
    Length(min, max),
    ValidateBy({
      name: 'isPlainText',
      validator: {
        validate: (value) => typeof value !== 'string' || faultOf(value) === null,
        defaultMessage: (argument) => `$property ${faultOf(String(argument?.value)) ?? ''}`,
      },
    }),
  );
}

/** May be absent, but not null. */
export function MayBeOmitted(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** An e-mail address that has a canonical form: nothing invisible in it. */
export function IsEmailAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isEmailAddress',
    validator: {
      validate: (value) => typeof value === 'string' && canonicalEmail(value) !== null,
      defaultMessage: () =>
        '$property must be an e-mail address without invisible characters, such as ada@example.com',
    },
  });
}
