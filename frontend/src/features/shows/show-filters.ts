import { parseAsBoolean, parseAsString, parseAsStringLiteral, type inferParserType } from 'nuqs';
import type { ShowKind } from '../../lib/api/types';
import { kindNames } from '../../lib/kind-names';

/** The filters as they stand in the address: a search can be shared, and Back returns to it. */
export const showFilters = {
  q: parseAsString.withDefault(''),
  kind: parseAsStringLiteral(Object.keys(kindNames) as ShowKind[]),
  region: parseAsString.withDefault(''),
  available: parseAsBoolean.withDefault(false),
};

export type ShowFilters = inferParserType<typeof showFilters>;
