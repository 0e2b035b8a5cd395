import { DomainError } from '@modex/domain';
import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

interface FieldError {
  path: string;
  message: string;
}

/** Bodies and queries: unknown properties are refused, nothing is converted unless its DTO says so. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    exceptionFactory: (errors) => validationFailed(errors.flatMap((error) => flatten(error))),
  });
}

export function validationFailed(errors: FieldError[]): DomainError {
  return new DomainError('invalid', 'VALIDATION_FAILED', 'The request is not valid.', { errors });
}

function flatten({ property, constraints, children }: ValidationError, parent = ''): FieldError[] {
  const path = parent ? `${parent}.${property}` : property;
  const own = Object.values(constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(children ?? []).flatMap((child) => flatten(child, path))];
}
