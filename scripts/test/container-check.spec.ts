import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../../test/eventually.js';
import { describeWith } from '../../test/optional.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { recordGroup } from '../launcher/group-record.mjs';
import { freePort } from '../launcher/ports.mjs';
import { ROOT } from './launcher-process.js';

const NAMESPACE = ['--pid', '--fork', '--mount-proc', '--kill-child'];
const CHECK = 'libs/platform/dist/liveness/container-check.js';
/** As a container's init does: it starts the server, and ends when that has. */
const INIT = 'node apps/worker/dist/main.js & wait $!; exit $?';
const canUnshare = spawnSync('unshare', [...NAMESPACE, 'true']).status === 0 || null;

describeWith(
  'the health check of a container',
  canUnshare,
  'this user may not make a namespace of processes (unshare)',
  () => {
    let database: TestDatabase;
    let container: ChildProcess;
    let ended: Promise<number | null>;
    let env: NodeJS.ProcessEnv;
    beforeAll(async () => {
      database = await createTestDatabase();
      const { PATH } = process.env;
      const WORKER_PORT = String(await freePort());
      env = { PATH, DATABASE_URL: database.url, WORKER_PORT, HOST: '127.0.0.1' };
      container = spawn('unshare', [...NAMESPACE, 'sh', '-c', INIT], {
        cwd: ROOT,
        env,
        detached: true,
        stdio: 'ignore',
      });
      recordGroup(container.pid);
      ended = new Promise((resolve) => container.once('exit', resolve));
    });
    afterAll(async () => {
      container.kill('SIGKILL');
      await ended;
      await database.drop();
    });

    const childOf = (pid: number) =>
      Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
    /** As Docker runs it: in the container's namespace. */
    const check = (init: number) =>
      new Promise<{ code: number | null; text: string }>((resolve) => {
        const inside = ['--target', String(init), '--pid', '--mount'];
        const child = spawn('nsenter', [...inside, process.execPath, join(ROOT, CHECK)], { env });
        let text = '';
        child.stdout.on('data', (data: Buffer) => (text += data.toString()));
        child.once('close', (code) => resolve({ code, text }));
      });

    it('says whether the server is ready, and kills one that does not answer for 10 s', async () => {
      const init = childOf(container.pid!);
      expect((await check(init)).code).toBe(1);
      await eventually(async () => expect((await check(init)).code).toBe(0), 20_000);
      const server = childOf(init);
      process.kill(server, 'SIGSTOP');
      // The container's end is the check's, too.
      const { text } = await check(init);
      expect(text).toMatch(/^no answer for 10 s: process \d+ is killed\n$/);
      expect(await ended).toBe(137);
    }, 60_000);
  },
);
