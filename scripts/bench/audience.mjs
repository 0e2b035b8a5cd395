import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SECRET = 'a secret of the bench, on this machine only';
const BUYERS = 10_000;
const MANY_SLOTS = 1_000_000;
const HOUR = 3_600;

/** Those who book, each with an access token, and the shows they book. */
export class Audience {
  #system;
  /** @type {{ id: string, token: string, address: string }[]} */
  buyers = [];
  #organiser = '';
  #gathered = 0;

  /** @param {import('./bench-system.mjs').BenchSystem} system */
  constructor(system) {
    this.#system = system;
  }

  /** A file with `token address` of one buyer a line, for the load generators. */
  get file() {
    return join(this.#system.folder, 'buyers');
  }

  /** New buyers, who hold nothing yet; called again, they take the place of those before. */
  async gather() {
    this.#gathered += 1;
    const { rows } = await this.#system.pool.query(
      `INSERT INTO users (id, email, password_hash, role)
       SELECT gen_random_uuid(), 'buyer-' || $2::int || '-' || i || '@bench.test', '-',
              CASE i WHEN 0 THEN 'ADMIN' ELSE 'CUSTOMER' END::user_role
       FROM generate_series(0, $1) AS i
       RETURNING id, role`,
      [BUYERS, this.#gathered],
    );
    const [organiser, ...buyers] = rows.toSorted((a) => (a.role === 'ADMIN' ? -1 : 0));
    this.#organiser = sign(organiser);
    this.buyers = buyers.map((user, i) => ({
      id: user.id,
      token: sign(user),
      address: `10.0.${i >> 8}.${i & 255}`,
    }));
    const lines = this.buyers.map(({ token, address }) => `${token} ${address}\n`);
    writeFileSync(this.file, lines.join(''));
  }

  /**
   * @param {number} count
   * @param {Record<string, unknown>} [fields] of each, such as `totalSlots`
   * @returns {Promise<string[]>} the new shows' ids
   */
  async openShows(count, fields = {}) {
    const ids = [];
    for (let i = 0; i < count; i++) ids.push(await this.#openShow(fields));
    return ids;
  }

  /** @param {Record<string, unknown>} fields */
  async #openShow(fields) {
    const response = await fetch(`${this.#system.url}/api/v1/shows`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.#organiser}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        title: 'Opening night',
        kind: 'EVENT',
        venue: 'Town hall',
        startsAt: new Date(Date.now() + 24 * HOUR * 1_000).toISOString(),
        timeZone: 'Asia/Kolkata',
        totalSlots: MANY_SLOTS,
        // Longer than a run: what expires meanwhile is another bench's business.
        holdSeconds: HOUR,
        ...fields,
      }),
    });
    if (response.status !== 201) throw new Error(`no show: ${await response.text()}`);
    const { id } = /** @type {{ id: string }} */ (await response.json());
    return id;
  }
}

/** @param {{ id: string, role: string }} user */
function sign({ id, role }) {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: id, role, typ: 'access', iat: now, exp: now + 2 * HOUR };
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { ...claims, aud: 'modex-api', iss: 'modex-booking' },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = createHmac('sha256', SECRET).update(text.join('.')).digest('base64url');
  return `${text.join('.')}.${signature}`;
}
