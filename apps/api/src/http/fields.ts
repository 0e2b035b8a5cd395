import { canonicalEmail } from '@modex/domain';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsISO8601, IsString, Length, Matches, ValidateBy, ValidateIf } from 'class-validator';

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

/** A text between `min` and `max` characters after its surrounding white space is cut. */
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

/** May be left out, but not be null. */
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
