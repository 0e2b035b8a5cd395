import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { checkShape } from './input-shape.js';
import { validationFailed, type FieldError } from './validation-failed.js';

/**
 * Validates bodies and queries: the shape is checked first, unknown properties are refused, and only
 * properties marked in the DTO are converted.
 */
export class InputPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      exceptionFactory: (errors) => validationFailed(errors.flatMap((error) => flatten(error))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype, type } = metadata;
    if (metatype && typeof value === 'object' && value !== null && this.toValidate(metadata)) {
      checkShape(value, metatype, type);
    }
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

function flatten({ property, constraints, children }: ValidationError, parent = ''): FieldError[] {
  const path = parent ? `${parent}.${property}` : property;
  const own = Object.values(constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(children ?? []).flatMap((child) => flatten(child, path))];
}
