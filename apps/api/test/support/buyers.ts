import type { User } from '@modex/domain';
import type { Installation } from '../../../../test/installation.js';
import { accessToken } from './access-token.js';

/**
 * The access tokens of as many new people, without the password hash that registering each of them
 * would cost.
 */
export async function createBuyers(
  { database }: Pick<Installation, 'database'>,
  count: number,
): Promise<string[]> {
  const users = await database.query<User>(
    `INSERT INTO users (id, email, password_hash)
     SELECT id, id || '@example.com', 'none'
     FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $1)) AS new
     RETURNING id, role`,
    [count],
  );
  return users.map((user) => accessToken(user));
}
