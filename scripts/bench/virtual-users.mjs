import { createSecretKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';

export const SECRET = 'a secret of the bench, on this machine only';
const USERS = 10_000;
const MANY_SLOTS = 1_000_000;
const HOUR = 3_600;

/** Accounts that book, each with an access token and an IP address, and the shows they book. */
export class VirtualUsers {
  #system;
  /** @type {{ id: string, token: string, address: string }[]} */
  all = [];
  #organiser = '';
  #created = 0;

  /** @param {import('./bench-system.mjs').BenchSystem} system */
  constructor(system) {
    this.#system = system;
  }

  /** A file for the load generators: `token address` of one user a line. */
  get file() {
    return join(this.#system.folder, 'users');
  }

  /** Replaces all users by new ones, who hold nothing. */
  async create() {
    this.#created += 1;
    const { rows } = await this.#system.pool.query(
      `INSERT INTO users (id, email, password_hash, role)
       SELECT gen_random_uuid(), 'user-' || $2::int || '-' || i || '@bench.test', '-',
              CASE i WHEN 0 THEN 'ADMIN' ELSE 'CUSTOMER' END::user_role
       FROM generate_series(0, $1) AS i
       RETURNING id, role`,
      [USERS, this.#created],
    );
    const organiser = rows.findIndex(({ role }) => role === 'ADMIN');
    this.#organiser = sign(rows.splice(organiser, 1)[0]);
    this.all = rows.map((user, i) => ({
      id: user.id,
      token: sign(user),
      address: `10.0.${i >> 8}.${i & 255}`,
    }));
    const lines = this.all.map(({ token, address }) => `${token} ${address}\n`);
    writeFileSync(this.file, lines.join(''));
  }

  /**
   * @param {number} count
   * @param {Record<string, unknown>} [fields] of each, such as `totalSlots`
   * @returns {Promise<string[]>} the new shows' ids
   */
  async openShows(count, fields = {}) {
    const show = {
      title: 'Opening night',
      kind: 'EVENT',
      venue: 'Town hall',
      startsAt: new Date(Date.now() + 24 * HOUR * 1_000).toISOString(),
      timeZone: 'Asia/Kolkata',
      totalSlots: MANY_SLOTS,
      // No hold expires while a row is measured.
      holdSeconds: HOUR,
      ...fields,
    };
    const ids = [];
    for (let i = 0; i < count; i++) {
      const response = await fetch(`${this.#system.url}/api/v1/shows`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${this.#organiser}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(show),
      });
      if (response.status !== 201) throw new Error(`no show: ${await response.text()}`);
      ids.push(/** @type {{ id: string }} */ (await response.json()).id);
    }
    return ids;
  }
}

const KEY = createSecretKey(Buffer.from(SECRET));

/** @param {{ id: string, role: string }} user */
function sign({ id, role }) {
  const claims = { audience: 'modex-api', issuer: 'modex-booking', expiresIn: 2 * HOUR };
  return jwt.sign({ role, typ: 'access' }, KEY, { subject: id, ...claims });
}
