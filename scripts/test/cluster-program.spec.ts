import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '../cluster/program.mjs';

describe('a program of the cluster', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'modex-program-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is not taken for ready when it has ended and another answers in its place', async () => {
    const program: Program = new Program({
      name: 'server',
      file: process.execPath,
      args: ['--eval', 'console.error("address in use"); process.exit(3)'],
      cwd: folder,
      logPath: join(folder, 'server.log'),
      isReady: () => program.exited,
    });
    await expect(program.start()).rejects.toThrow(
      'The server ended (exit code 3); its log ends with:\naddress in use',
    );
  });
});
