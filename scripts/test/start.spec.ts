import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import pg from 'pg';
import { eventually } from '../../test/eventually.js';
import { calendarsIn, codesIn } from '../../test/read-mail.js';
import { isAlive, type ProcessIdentity } from '../launcher/process-identity.mjs';
import { runningServer } from '../launcher/postmaster.mjs';
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

  it('shows something of everything', async () => {
    const shows = await showsOf(launcher.url, 'limit=100');
    const slots = shows.map(({ totalSlots }) => totalSlots);
    const nearlyFull = shows.filter(
      ({ availableSlots, totalSlots }) => availableSlots > 0 && availableSlots < totalSlots / 10,
    );
    expect(shows.length).toBeGreaterThanOrEqual(40);
    expect(new Set(shows.map(({ kind }) => kind)).size).toBe(3);
    expect(new Set(shows.map(({ region }) => region)).size).toBeGreaterThan(3);
    expect([Math.min(...slots), Math.max(...slots)]).toEqual([1, 20_000]);
    expect(nearlyFull.length).toBeGreaterThan(3);
    const [opening, ...more] = shows.filter(({ availability }) => availability === 'UPCOMING');
    expect(more).toEqual([]);
    expect(opening!.secondsToOpen).toBeGreaterThan(0);
    expect(opening!.secondsToOpen).toBeLessThanOrEqual(120);
  });

  it('keeps its secret to itself', () => {
    expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
    for (const name of ['password', 'application-password']) {
      expect(statSync(join(dataDir, 'postgres', name)).mode & 0o777).toBe(0o600);
    }
  });

  it('runs API and worker as a role that is no superuser', async () => {
    const { port } = runningServer(join(dataDir, 'postgres', 'data'))!;
    const password = readFileSync(join(dataDir, 'postgres', 'password'), 'utf8');
    const client = new pg.Client(`postgres://modex:${password}@127.0.0.1:${port}/modex`);
    await client.connect();
    const { rows } = await client.query(
      `SELECT DISTINCT usename AS role, usesuper AS super
       FROM pg_stat_activity JOIN pg_user USING (usename) WHERE application_name LIKE 'modex %'`,
    );
    await client.end();
    expect(rows).toEqual([{ role: 'modex_app', super: false }]);
  });

  it(
    'writes mail to whoever books, and none to the guests of the demo data',
    async () => {
      const { body: ada } = await signIn(launcher.url, ADA);
      // Hundreds of guests came to this show before her. A show's events are taken in their order, so
      // theirs would be told first.
      const [show] = await showsOf(launcher.url, 'q=Indian+Ocean');
      const bookings = `${launcher.url}/api/v1/bookings`;
      const { body: hold } = await send(bookings, { showId: show!.id }, ada.accessToken);
      const { status } = await send(`${bookings}/${hold.id}/confirm`, {}, ada.accessToken);
      expect(status).toBe(200);
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

  it('lets nobody else read its logs and its mail', () => {
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    for (const name of ['logs', 'mail']) {
      const folder = join(dataDir, name);
      expect(mode(folder)).toBe('700');
      const files = readdirSync(folder);
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) expect(`${file} ${mode(join(folder, file))}`).toBe(`${file} 600`);
    }
    const log = readFileSync(join(dataDir, 'logs', 'worker.log'), 'utf8');
    expect(log).toContain('mail written');
    expect(log).not.toMatch(/modex\.test|Indian Ocean/);
  });

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
      await letPass(launcher.url, PASSING);
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

  it('has a new show for each whose day has passed', async () => {
    expect(await showsOf(launcher.url, `q=${PASSING}`)).toHaveLength(1);
  });

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
    'kills an API that stands still, and starts it again',
    async () => {
      const { API } = launcher.descendants();
      process.kill(API!.pid, 'SIGSTOP');
      await launcher.prints('The API has not answered for 10 s: it is killed.');
      await launcher.prints('The API died (SIGKILL)');
      await eventually(
        async () => expect((await fetch(`${launcher.url}/health/ready`)).status).toBe(200),
        20_000,
      );
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

interface Account {
  email: string;
  password: string;
}

const ACCOUNT = { email: 'launcher@modex.test', password: 'a long enough password' };
const ADA = { email: 'ada@modex.test', password: 'modex-customer-demo' };
const ADMIN = { email: 'admin@modex.test', password: 'modex-admin-demo' };
/** A show of the demo data that nobody has booked. */
const PASSING = 'Delhi to Jaipur';

function register(url: string): Promise<Answer> {
  return send(`${url}/api/v1/auth/register`, ACCOUNT);
}

function signIn(url: string, account: Account = ACCOUNT): Promise<Answer> {
  return send(`${url}/api/v1/auth/login`, account);
}

/** Moves a show into the past, as the days would. */
async function letPass(url: string, title: string): Promise<void> {
  const { body: admin } = await signIn(url, ADMIN);
  const [show] = await showsOf(url, `q=${title}`);
  const fields = { startsAt: '2020-01-01T10:00:00Z', endsAt: null };
  const path = `${url}/api/v1/shows/${show!.id}`;
  expect((await send(path, fields, admin.accessToken, 'PATCH')).status).toBe(200);
  expect(await showsOf(url, `q=${title}`)).toEqual([]);
}

interface Show {
  id: string;
  kind: string;
  region: string;
  totalSlots: number;
  availableSlots: number;
  availability: string;
  secondsToOpen: number;
}

async function showsOf(url: string, query: string): Promise<Show[]> {
  const response = await fetch(`${url}/api/v1/shows?${query}`);
  return ((await response.json()) as { data: Show[] }).data;
}

interface Answer {
  status: number;
  /** What is read of any of them. */
  body: { id: string; reference: string; accessToken: string };
}

async function send(
  url: string,
  body: unknown,
  accessToken?: string,
  method = 'POST',
): Promise<Answer> {
  const headers = {
    'Content-Type': 'application/json',
    ...(accessToken !== undefined && { Authorization: `Bearer ${accessToken}` }),
  };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
