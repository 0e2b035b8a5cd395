import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CONNECTIONS = 20;
/** Where Debian keeps what is not in everybody's path. */
const DEBIAN = '/usr/lib/postgresql';

/**
 * The original algorithm as a pgbench script: the same transaction, driven from C.
 *
 * @param {import('./bench-system.mjs').BenchSystem} system
 * @param {number} seconds
 * @returns {Promise<import('./measure.mjs').Row[]>} none where pgbench is not installed
 */
export async function runPgbench(system, seconds) {
  const program = findPgbench();
  if (!program) return [];
  const rows = [];
  for (const count of [1, 100]) {
    const shows = await system.audience.openShows(count);
    const script = join(system.folder, `pgbench-${count}.sql`);
    writeFileSync(script, scriptOver(shows));
    const output = await run(program, [
      ...['-n', '-f', script, '-c', String(CONNECTIONS), '-j', '2', '-T', String(seconds)],
      system.databaseUrl,
    ]);
    const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
    if (Number.isNaN(perSecond)) throw new Error(`pgbench failed:\n${output}`);
    const name =
      count === 1 ? 'plain SQL by pgbench, one hot show' : `plain SQL by pgbench, ${count} shows`;
    rows.push({ name, perSecond, drift: await system.audit() });
  }
  return rows;
}

function findPgbench() {
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map((major) => join(DEBIAN, major, 'bin')) : []),
  ];
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path));
}

/** @param {string[]} shows */
function scriptOver(shows) {
  const list = shows.map((id) => `'${id}'::uuid`).join(', ');
  return `\\set i random(1, ${shows.length})
BEGIN;
SELECT available_slots FROM shows WHERE id = (ARRAY[${list}])[:i] FOR UPDATE;
INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version, created_at)
  SELECT shows.id, gen_random_uuid(), gen_random_uuid()::text, buyer.id, 1, 'PENDING',
         clock_timestamp() + interval '1 hour', shows.version + 1, clock_timestamp()
  FROM shows, (SELECT id FROM users LIMIT 1) AS buyer
  WHERE shows.id = (ARRAY[${list}])[:i];
UPDATE shows SET available_slots = available_slots - 1, held_slots = held_slots + 1, version = version + 1
  WHERE id = (ARRAY[${list}])[:i];
COMMIT;
`;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<string>}
 */
function run(program, args) {
  const child = spawn(program, args);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.once('close', () => resolve(output)).once('error', reject);
  });
}
