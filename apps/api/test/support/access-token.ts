import { JwtService } from '@nestjs/jwt';
import { TEST_SECRET } from '../../../../test/installation.js';
import { claimsOf, jwtOptions } from '../../src/http/access/access-tokens.js';

type Person = Parameters<typeof claimsOf>[0];

const jwt = new JwtService(jwtOptions({ JWT_SECRET: TEST_SECRET }));

/** @param seconds how long it lasts, where that is not to be as always */
export function accessToken(person: Pick<Person, 'id' | 'role'>, seconds?: number): string {
  const claims = claimsOf(person as Person);
  return seconds === undefined ? jwt.sign(claims) : jwt.sign(claims, { expiresIn: seconds });
}
