import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../test/eventually.js';
import { runInOwnGroup } from '../launcher/foreground.mjs';
import { identify, isAlive, type ProcessIdentity } from '../launcher/process-identity.mjs';
import { withTestRun } from '../launcher/test-run.mjs';
import { ROOT } from './launcher-process.js';

/**
 * As a test would: starts a server in a process group of its own and a program in ours that does not
 * want to end, says which, and waits.
 */
const TEST = `
  import { spawn } from 'node:child_process';
  import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  import { join } from 'node:path';
  import { recordGroup } from ${JSON.stringify(join(ROOT, 'scripts/launcher/group-record.mjs'))};
  const stubborn = ['-c', 'trap "" TERM; sleep 60'];
  const server = spawn('sleep', ['60'], { detached: true });
  recordGroup(server.pid);
  const part = join(mkdtempSync(join(tmpdir(), 'modex-')), 'pids');
  writeFileSync(part, JSON.stringify([server.pid, spawn('sh', stubborn).pid]));
  renameSync(part, join(tmpdir(), 'pids'));
  setInterval(() => {}, 1_000);
`;

describe('an interrupted test run', () => {
  it('leaves neither processes nor folders behind', async () => {
    const stop = new AbortController();
    const hurry = new AbortController().signal;
    let folder = '';
    let started: ProcessIdentity[] = [];
    const code = await withTestRun(async (variables) => {
      folder = variables['TMPDIR']!;
      const ended = runInOwnGroup(process.execPath, ['--input-type=module', '-e', TEST], {
        env: { ...process.env, ...variables },
        ...{ stop: stop.signal, hurry },
      });
      await eventually(() => {
        const pids = JSON.parse(readFileSync(join(folder, 'pids'), 'utf8')) as number[];
        started = pids.flatMap((pid) => identify(pid) ?? []);
      });
      expect(started).toHaveLength(2);
      stop.abort();
      return ended;
    }, hurry);
    expect(code).toBe(128 + 15);
    await eventually(() => expect(started.filter(isAlive)).toEqual([]));
    expect(existsSync(folder)).toBe(false);
  });
});
