import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { validationFailed, type FieldError } from './validation-failed.js';

/** Nesting of objects and lists, the outermost included. */
const MAX_DEPTH = 8;
/** Properties and list items, all together. */
const MAX_KEYS = 200;
/** Properties that every object inherits: a lookup cannot tell whether a client sent them. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

interface Property {
  mayBeList: boolean;
  /** The DTO of its value, or null. */
  dto: Type | null;
}

/**
 * Checks the shape of a body or query before class-transformer and class-validator, which walk any
 * input: lists in place of values, and nesting without a limit.
 * @throws VALIDATION_FAILED
 */
export function checkShape(input: object, dto: Type, name: string): void {
  if (Array.isArray(input)) {
    throw validationFailed([{ path: name, message: `${name} must be an object` }]);
  }
  const errors: FieldError[] = [];
  let keys = 0;
  const visit = (value: object, path: string, depth: number, dtoOfIt: Type | null): void => {
    if (depth > MAX_DEPTH) {
      throw validationFailed([
        { path, message: `${name} must not be nested deeper than ${MAX_DEPTH}` },
      ]);
    }
    const own = Object.keys(value);
    keys += own.length;
    if (keys > MAX_KEYS) {
      const message = `${name} must not have more than ${MAX_KEYS} properties and list items`;
      throw validationFailed([{ path: name, message }]);
    }
    const isList = Array.isArray(value);
    const properties = dtoOfIt && !isList ? propertiesOf(dtoOfIt) : null;
    for (const key of own) {
      const pathOfIt = path === '' ? key : `${path}.${key}`;
      if (INHERITED.has(key)) {
        errors.push({ path: pathOfIt, message: `property ${key} should not exist` });
        continue;
      }
      const child = (value as Record<string, unknown>)[key];
      if (typeof child !== 'object' || child === null) continue;
      const property = properties?.get(key);
      if (property && !property.mayBeList && Array.isArray(child)) {
        errors.push({ path: pathOfIt, message: `${key} must not be a list` });
        continue;
      }
      visit(child, pathOfIt, depth + 1, isList ? dtoOfIt : (property?.dto ?? null));
    }
  };
  visit(input, '', 1, dto);
  if (errors.length > 0) throw validationFailed(errors);
}

const known = new WeakMap<Type, Map<string, Property>>();

function propertiesOf(dto: Type): Map<string, Property> {
  let properties = known.get(dto);
  if (!properties) known.set(dto, (properties = readProperties(dto)));
  return properties;
}

function readProperties(dto: Type): Map<string, Property> {
  const properties = new Map<string, Property>();
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  for (const { propertyName, each, name = '', type } of rules) {
    const property = properties.get(propertyName) ?? { mayBeList: false, dto: null };
    property.mayBeList ||= each || /^(isArray|array)/.test(name);
    if (type === 'nestedValidation' && !each) {
      property.dto = Reflect.getMetadata(
        'design:type',
        dto.prototype as object,
        propertyName,
      ) as Type;
    }
    properties.set(propertyName, property);
  }
  return properties;
}
