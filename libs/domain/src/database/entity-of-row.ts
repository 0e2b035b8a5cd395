import type { EntityMetadata, ObjectLiteral } from 'typeorm';

/**
 * Makes an entity of a row that a statement of one's own answered, without the detour that TypeORM
 * takes for joins.
 * @param prefix of the columns' names in the row, such as `show_`
 */
export function entityOfRow(
  metadata: EntityMetadata,
  row: Record<string, unknown>,
  prefix = '',
): ObjectLiteral {
  const entity = metadata.create() as ObjectLiteral;
  for (const { propertyName, databaseName, isSelect } of metadata.columns) {
    if (isSelect) entity[propertyName] = row[prefix + databaseName];
  }
  return entity;
}
