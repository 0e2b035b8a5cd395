// `node scripts/containers/smoke.mjs URL EMAIL` sells a slot through everything that stands before
// the API at that address: the admin EMAIL (password in MODEX_ADMIN_PASSWORD) creates a show, a new
// customer holds and confirms. Prints the show's id, so that a caller can look for it elsewhere.
import { randomUUID } from 'node:crypto';

const [url = 'http://localhost:8080', email = ''] = process.argv.slice(2);
const ADMIN = { email, password: process.env['MODEX_ADMIN_PASSWORD'] };
const CUSTOMER = { email: `${randomUUID()}@example.com`, password: randomUUID() };

const admin = await ask('POST', '/auth/login', 200, ADMIN);
const show = await ask('POST', '/shows', 201, newShow(), admin.accessToken);
const customer = await ask('POST', '/auth/register', 201, CUSTOMER);
const order = { showId: show.id, quantity: 2 };
const held = await ask('POST', '/bookings', 201, order, customer.accessToken);
const booked = await ask('POST', `/bookings/${held.id}/confirm`, 200, {}, customer.accessToken);
expect('the booking', booked.status, 'CONFIRMED');
await eventually(async () => {
  const { availableSlots } = await ask('GET', `/shows/${show.id}`, 200);
  expect('the slots left', availableSlots, 8);
});
console.log(show.id);

function newShow() {
  const startsAt = new Date(Date.now() + 86_400_000).toISOString();
  return { title: 'A first show', kind: 'EVENT', startsAt, timeZone: 'UTC', totalSlots: 10 };
}

/**
 * @param {string} method
 * @param {string} path
 * @param {number} status that is expected
 * @param {object} [body]
 * @param {string} [token]
 */
async function ask(method, path, status, body, token) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  expect(`${method} ${path} (${text.slice(0, 500)})`, answer.status, status);
  return JSON.parse(text);
}

/**
 * @param {string} what
 * @param {unknown} found
 * @param {unknown} expected
 */
function expect(what, found, expected) {
  if (found !== expected) throw new Error(`${what}: ${found} instead of ${expected}`);
}

/**
 * A list or a replica may be a moment behind.
 *
 * @param {() => Promise<void>} assertion
 */
async function eventually(assertion) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
