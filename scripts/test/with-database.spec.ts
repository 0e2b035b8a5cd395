import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment, removeDataDir, ROOT, temporaryDataDir } from './launcher-process.js';

const TIMEOUT = 60_000;
const PRINT_URL = 'console.log(process.env.DATABASE_URL); process.exitCode = 3';

/** It may have had something to say about what it built before. */
const lastly = (text: string) => expect.stringMatching(new RegExp(`(^|\\n)${text}$`)) as unknown;

describe('with-database', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = temporaryDataDir();
  });

  afterEach(() => removeDataDir(dataDir));

  function run(variables: NodeJS.ProcessEnv): Promise<{ code: unknown; output: string }> {
    const script = join(ROOT, 'scripts', 'with-database.mjs');
    const env = { ...plainEnvironment(), MODEX_DATA_DIR: dataDir, ...variables };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [script, process.execPath, '-e', PRINT_URL],
        { env },
        (error, stdout) => resolve({ code: error?.code ?? 0, output: stdout.trim() }),
      );
    });
  }

  it(
    "runs a command on the user's database when there is one",
    async () => {
      const url = 'postgresql://somebody@db.example/modex';
      expect(await run({ DATABASE_URL: url })).toEqual({ code: 3, output: lastly(url) });
      expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
    },
    TIMEOUT,
  );

  it(
    'also when it stands in a file',
    async () => {
      const url = 'postgresql://somebody@db.example/modex';
      const file = join(dataDir, 'url');
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(file, `${url}\n`);
      expect(await run({ DATABASE_URL_FILE: file })).toEqual({ code: 3, output: lastly(url) });
      expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
    },
    TIMEOUT,
  );

  it(
    'starts the embedded server for the command and stops it after',
    async () => {
      const { code, output } = await run({});
      expect(code).toBe(3);
      expect(output).toMatch(/postgresql:\/\/modex_app:.+@127\.0\.0\.1:\d+\/modex$/);
      expect(existsSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'))).toBe(true);
      expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
      expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
    },
    TIMEOUT,
  );
});
