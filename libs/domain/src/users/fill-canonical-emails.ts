import type { EntityManager } from 'typeorm';
import { isUniqueViolation } from '../database/database-errors.js';
import { DatabaseNotReadyError } from '../database/database-not-ready.js';
import { canonicalEmail } from './canonical-email.js';

interface Row {
  id: string;
  email: string;
}

const BATCH = 1_000;
const LISTED = 20;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * For the migration: two accounts whose addresses are spellings of one cannot both go on.
 * @throws DatabaseNotReadyError with the accounts
 */
export async function assertNoSharedEmails(manager: EntityManager): Promise<void> {
  const byCanonical = new Map<string, Row[]>();
  for await (const rows of users(manager, '')) {
    for (const row of rows) {
      const canonical = canonicalEmail(row.email);
      if (canonical === null) continue;
      byCanonical.set(canonical, [...(byCanonical.get(canonical) ?? []), row]);
    }
  }
  const shared = [...byCanonical].filter(([, rows]) => rows.length > 1);
  if (shared.length === 0) return;
  const list = shared
    .slice(0, LISTED)
    .map(([canonical, rows]) => `  ${canonical}: ${rows.map(describe).join(', ')}`);
  const rest = shared.length > LISTED ? [`  and ${shared.length - LISTED} more`] : [];
  throw new DatabaseNotReadyError(
    [
      `Nothing was changed: ${shared.length} e-mail address(es) belong to several accounts, in different spellings.`,
      ...list,
      ...rest,
      'Give all but one of each another address (UPDATE users SET email = … WHERE id = …), and migrate again.',
    ].join('\n'),
  );
}

/**
 * Fills the canonical address where it is missing: before the migration, and where the release before
 * opens accounts beside this one. An account whose address has no canonical form, or another account's,
 * is left as it is, and found by its address as written. Resolves to the number of accounts filled.
 */
export async function fillCanonicalEmails(manager: EntityManager): Promise<number> {
  let count = 0;
  for await (const rows of users(manager, 'AND email_canonical IS NULL')) {
    const known = rows.flatMap(({ id, email }) => {
      const canonical = canonicalEmail(email);
      return canonical === null ? [] : [{ id, canonical }];
    });
    count += await fill(manager, known);
  }
  return count;
}

async function fill(
  manager: EntityManager,
  accounts: { id: string; canonical: string }[],
): Promise<number> {
  if (accounts.length === 0) return 0;
  try {
    const [, count] = await manager.query<[unknown, number]>(
      `UPDATE users SET email_canonical = filled.canonical
       FROM unnest($1::uuid[], $2::text[]) AS filled (id, canonical)
       WHERE users.id = filled.id AND email_canonical IS NULL`,
      [accounts.map(({ id }) => id), accounts.map(({ canonical }) => canonical)],
    );
    return count;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    if (accounts.length === 1) return 0;
    const half = Math.ceil(accounts.length / 2);
    return (
      (await fill(manager, accounts.slice(0, half))) + (await fill(manager, accounts.slice(half)))
    );
  }
}

async function* users(manager: EntityManager, condition: string): AsyncGenerator<Row[]> {
  let rows: Row[] = [];
  do {
    rows = await manager.query<Row[]>(
      `SELECT id, email FROM users WHERE id > $1 ${condition} ORDER BY id LIMIT ${BATCH}`,
      [rows.at(-1)?.id ?? FIRST_ID],
    );
    yield rows;
  } while (rows.length === BATCH);
}

/** Spellings that look alike have to read differently. */
function describe({ id, email }: Row): string {
  const visible = email.replace(
    /[^\x21-\x7e]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return `${id} (${visible})`;
}
