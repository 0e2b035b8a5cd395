import type { User } from '@modex/domain';
import { JwtService } from '@nestjs/jwt';
import { TEST_SECRET, type Installation } from '../../../../test/installation.js';
import type { ApiConfig } from '../../src/config/api-config.js';
import { claimsOf, jwtOptions } from '../../src/http/access/access-tokens.js';

/**
 * The access tokens of as many new people, without the password hash that registering each of them
 * would cost.
 */
export async function createBuyers({ database }: Installation, count: number): Promise<string[]> {
  const users = await database.query<User>(
    `INSERT INTO users (id, email, password_hash)
     SELECT id, id || '@example.com', 'none'
     FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $1)) AS new
     RETURNING id, role`,
    [count],
  );
  const jwt = new JwtService(jwtOptions({ JWT_SECRET: TEST_SECRET } as ApiConfig));
  return users.map((user) => jwt.sign(claimsOf(user)));
}
