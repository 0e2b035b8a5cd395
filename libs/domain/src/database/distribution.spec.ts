import { describe, expect, it } from '@jest/globals';
import { getMetadataArgsStorage } from 'typeorm';
import { ENTITIES } from './data-source.js';
import { assertTablesPlaced } from './distribution.js';

describe('the distributed layout', () => {
  it('has a place for the table of every entity', () => {
    const tables = ENTITIES.map(
      (entity) => getMetadataArgsStorage().filterTables(entity)[0]!.name!,
    );
    expect(tables).toContain('bookings');
    assertTablesPlaced(tables);
  });

  it('names a table that was forgotten, and the file to add it to', () => {
    expect(() => assertTablesPlaced(['shows', 'coupons'])).toThrow(
      /^No place for the table coupons: add it to DISTRIBUTION in libs.*distribution\.ts/,
    );
  });
});
