import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { eventually } from '../../test/eventually.js';
import { calendarsIn, codesIn } from '../../test/read-mail.js';
import { isAlive, type ProcessIdentity } from '../launcher/process-identity.mjs';
import { LauncherProcess, removeDataDir, temporaryDataDir } from './launcher-process.js';

const TIMEOUT = 60_000;
const READY = 'Ctrl-C stops it';

/** One installation's life, told in order. */
describe('npm start with nothing configured', () => {
  let dataDir: string;
  let launcher: LauncherProcess;

  beforeAll(async () => {
    dataDir = temporaryDataDir();
    launcher = await LauncherProcess.start(dataDir);
    await launcher.prints(READY);
  }, TIMEOUT);

  afterAll(async () => {
    launcher.process.kill('SIGTERM');
    await launcher.exitCode;
    removeDataDir(dataDir);
  }, TIMEOUT);

  it('serves the page and the API, and says where and for whom', async () => {
    expect(launcher.output).toContain(launcher.url);
    expect(launcher.output).toContain('admin@modex.test  /  modex-admin-demo');
    const page = await fetch(launcher.url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect((await fetch(`${launcher.url}/health/ready`)).status).toBe(200);
    const shows = await fetch(`${launcher.url}/api/v1/shows`);
    expect(await shows.json()).toMatchObject({ data: expect.arrayContaining([expect.anything()]) });
  });

  it('keeps its secret to itself', () => {
    expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
  });

  it(
    'writes mail to whoever books, and none to the guests of the demo data',
    async () => {
      const { body: ada } = await post(`${launcher.url}/api/v1/auth/login`, {
        email: 'ada@modex.test',
        password: 'modex-customer-demo',
      });
      // Hundreds of guests came to this show before her. A show's facts are told in their order, so
      // her mail would be written after theirs.
      const showId = await showWithGuests(launcher.url);
      const { body: hold } = await post(
        `${launcher.url}/api/v1/bookings`,
        { showId },
        ada.accessToken,
      );
      const path = `/api/v1/bookings/${hold.id}/confirm`;
      expect((await post(`${launcher.url}${path}`, {}, ada.accessToken)).status).toBe(200);
      const folder = join(dataDir, 'mail');
      const written = () => readdirSync(folder).filter((name) => name.endsWith('.eml'));
      await eventually(() => expect(written()).toHaveLength(1), 30_000);
      const [file] = written();
      const mail = await simpleParser(readFileSync(join(folder, file!)));
      expect(mail.to).toMatchObject({ value: [{ address: 'ada@modex.test' }] });
      expect(codesIn(mail)).toEqual([hold.reference]);
      expect(calendarsIn(mail)).toMatchObject([{ method: 'REQUEST', uid: `${hold.id}@127.0.0.1` }]);
    },
    TIMEOUT,
  );

  it(
    'refuses to be started twice and names the one that runs',
    async () => {
      const second = await LauncherProcess.start(dataDir);
      expect(await second.exitCode).toBe(1);
      expect(second.output).toContain(`already running at ${launcher.url}`);
      expect(second.output).toContain(String(launcher.process.pid));
    },
    TIMEOUT,
  );

  it(
    'stops everything at Ctrl-C',
    async () => {
      await register(launcher.url);
      const descendants = launcher.descendants();
      expect(Object.keys(descendants).sort()).toEqual(['API', 'PostgreSQL', 'worker']);
      launcher.pressCtrlC();
      expect(await launcher.exitCode).toBe(0);
      expect(living(descendants)).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'starts again without building anything, with the data it had',
    async () => {
      const begin = Date.now();
      launcher = await LauncherProcess.start(dataDir);
      await launcher.prints(READY);
      // 3 seconds on a machine of its own; here other tests run beside it.
      expect(Date.now() - begin).toBeLessThan(20_000);
      expect(launcher.output).not.toMatch(/Installing|Building/);
      expect((await signIn(launcher.url)).status).toBe(200);
    },
    TIMEOUT,
  );

  it(
    'stops what a killed launcher left running',
    async () => {
      const orphans = launcher.descendants();
      launcher.process.kill('SIGKILL');
      await launcher.exitCode;
      expect(living(orphans)).toContain('PostgreSQL');
      launcher = await LauncherProcess.start(dataDir);
      await launcher.prints(READY);
      expect(launcher.output).toContain('an earlier start left running');
      expect(living(orphans)).toEqual([]);
      expect((await signIn(launcher.url)).status).toBe(200);
    },
    TIMEOUT,
  );

  it(
    'starts a worker again that died',
    async () => {
      const { worker } = launcher.descendants();
      if (!worker) throw new Error(`no worker lives:\n${launcher.output}`);
      process.kill(worker.pid, 'SIGKILL');
      await launcher.prints('The worker died (SIGKILL)');
      const successor = () => launcher.descendants()['worker'];
      await launcher.until(() => successor() !== undefined);
      expect(successor()!.pid).not.toBe(worker.pid);
    },
    TIMEOUT,
  );

  it(
    'stops everything when its terminal is closed',
    async () => {
      const descendants = launcher.descendants();
      launcher.process.stdout.destroy();
      launcher.process.stderr.destroy();
      launcher.process.kill('SIGHUP');
      expect(await launcher.exitCode).toBe(0);
      expect(living(descendants)).toEqual([]);
    },
    TIMEOUT,
  );
});

/** The names of those that still live. */
function living(processes: Record<string, ProcessIdentity>): string[] {
  return Object.keys(processes).filter((name) => isAlive(processes[name]!));
}

const ACCOUNT = { email: 'launcher@modex.test', password: 'a long enough password' };

function register(url: string): Promise<Answer> {
  return post(`${url}/api/v1/auth/register`, ACCOUNT);
}

function signIn(url: string): Promise<Answer> {
  return post(`${url}/api/v1/auth/login`, ACCOUNT);
}

async function showWithGuests(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/shows?q=Indian+Ocean`);
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data[0]!.id;
}

interface Answer {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

async function post(url: string, body: unknown, accessToken?: string): Promise<Answer> {
  const headers = {
    'Content-Type': 'application/json',
    ...(accessToken !== undefined && { Authorization: `Bearer ${accessToken}` }),
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}
