import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from './embedded-postgres.mjs';

/** Tests kill processes, not machines, and two kinds of them open many connections. */
const SETTINGS = { fsync: 'off', max_connections: 300, shared_buffers: '128MB' };

/**
 * Runs a command beside a PostgreSQL server of its own, whose address it finds in
 * `MODEX_TEST_DATABASE_URL`; a server that is named there already is used as it is.
 *
 * @template Result
 * @param {(env: NodeJS.ProcessEnv) => Promise<Result>} run
 * @param {AbortSignal} stop ends the server's start before its time
 * @returns {Promise<Result>}
 */
export async function withTestServer(run, stop) {
  if (process.env.MODEX_TEST_DATABASE_URL) return run(process.env);
  const dataDir = mkdtempSync(join(tmpdir(), 'modex-test-'));
  try {
    // Where root runs the tests, the server runs as somebody else, who must be able to enter.
    chmodSync(dataDir, 0o755);
    const postgres = await EmbeddedPostgres.create({ dataDir, settings: SETTINGS });
    try {
      await postgres.start(stop);
      return await run({ ...process.env, MODEX_TEST_DATABASE_URL: postgres.url('modex') });
    } finally {
      await postgres.destroy();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
