import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { LauncherProcess, removeDataDir, temporaryDataDir } from './launcher-process.js';

const TIMEOUT = 60_000;

describe('a start that cannot work', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = temporaryDataDir();
  });

  afterEach(() => removeDataDir(dataDir));

  async function failure(variables: NodeJS.ProcessEnv): Promise<string> {
    const launcher = await LauncherProcess.start(dataDir, variables);
    expect(await launcher.exitCode).toBe(1);
    // The user reads a sentence, not a stack trace, and may start again at once.
    expect(launcher.output).not.toMatch(/^\s+at .*\.m?js:\d+/m);
    expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
    return launcher.output;
  }

  it(
    'says that the port is taken, before there is a database',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      expect(await failure({ PORT: String(port) })).toContain(`Port ${port} of 127.0.0.1 is taken`);
      expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
      other.close();
    },
    TIMEOUT,
  );

  it(
    'names every broken variable of its own',
    async () => {
      const output = await failure({ PORT: '99999', HOST: 'http://localhost' });
      expect(output).toContain('PORT must be');
      expect(output).toContain('HOST must be');
    },
    TIMEOUT,
  );

  it(
    "passes on the API's message about a broken variable",
    async () => {
      const output = await failure({ HOLD_SECONDS: 'soon', LEDGER_LANES: '0' });
      expect(output).toContain('Configuration error');
      expect(output).toContain('LEDGER_LANES must not be less than 1');
      // That it is no number says it all: it need not be told that it is not above 0 either.
      expect(output.match(/HOLD_SECONDS .*/g)).toEqual(['HOLD_SECONDS must be an integer number']);
    },
    TIMEOUT,
  );

  it(
    'is that of the second of two that come at once, into a folder that nobody has used',
    async () => {
      const launchers = await Promise.all([0, 1, 2].map(() => LauncherProcess.start(dataDir)));
      const working = await Promise.any(
        launchers.map(async (launcher) => {
          await launcher.prints('Starting PostgreSQL');
          return launcher;
        }),
      );
      for (const other of launchers.filter((launcher) => launcher !== working)) {
        expect(await other.exitCode).toBe(1);
        expect(other.output).toContain(`already running (process ${working.process.pid})`);
      }
      working.pressCtrlC();
      expect(await working.exitCode).toBe(0);
    },
    TIMEOUT,
  );

  it(
    'asks for JWT_SECRET when the database is not its own',
    async () => {
      const url = 'postgresql://modex@127.0.0.1:1/modex';
      expect(await failure({ DATABASE_URL: url })).toContain('JWT_SECRET is required');
    },
    TIMEOUT,
  );

  it(
    'does not touch the data of another PostgreSQL major',
    async () => {
      const data = join(dataDir, 'postgres', 'data');
      mkdirSync(data, { recursive: true });
      writeFileSync(join(data, 'PG_VERSION'), '14\n');
      expect(await failure({})).toMatch(/was written by PostgreSQL 14 and this is PostgreSQL \d+/);
    },
    TIMEOUT,
  );
});
