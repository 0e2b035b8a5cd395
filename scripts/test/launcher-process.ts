import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordGroup } from '../launcher/group-record.mjs';
import { freePort } from '../launcher/ports.mjs';
import { identify, isAlive, type ProcessIdentity } from '../launcher/process-identity.mjs';

export const ROOT = join(import.meta.dirname, '..', '..');

/** A folder for a start's data that the server's user can enter, with a blank in its name. */
export function temporaryDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modex start '));
  chmodSync(folder, 0o755);
  return folder;
}

export function removeDataDir(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The real launcher, in a process group of its own as a shell would give it. */
export class LauncherProcess {
  output = '';
  readonly exitCode: Promise<number | null>;
  private ended = false;

  private constructor(
    readonly process: ChildProcessWithoutNullStreams,
    readonly dataDir: string,
    readonly url: string,
  ) {
    for (const stream of [process.stdout, process.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exitCode = new Promise((resolve) =>
      process.once('close', (code) => {
        this.ended = true;
        resolve(code);
      }),
    );
  }

  static async start(dataDir: string, variables: NodeJS.ProcessEnv = {}): Promise<LauncherProcess> {
    const port = variables['PORT'] ?? String(await freePort());
    const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.mjs')], {
      detached: true,
      env: { ...plainEnvironment(), MODEX_DATA_DIR: dataDir, PORT: port, ...variables },
    });
    recordGroup(child.pid);
    return new LauncherProcess(child, dataDir, `http://127.0.0.1:${port}`);
  }

  /** Resolves when it has printed this; fails with all that it printed when it ends before. */
  prints(text: string): Promise<void> {
    return this.until(() => this.output.includes(text));
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.ended) throw new Error(`the launcher ended too early:\n${this.output}`);
      await sleep(20);
    }
  }

  /** As the terminal does it: every process of the group gets the signal. */
  pressCtrlC(): void {
    process.kill(-this.process.pid!, 'SIGINT');
  }

  /** Every process that the launcher started and that lives now, by name. */
  descendants(): Record<string, ProcessIdentity> {
    const run = readFileSync(join(this.dataDir, 'run.json'), 'utf8');
    const { children } = JSON.parse(run) as { children: Record<string, ProcessIdentity> };
    const lock = readFileSync(join(this.dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
    const server = identify(Number.parseInt(lock, 10));
    const all = Object.entries({ ...children, ...(server ? { PostgreSQL: server } : {}) });
    return Object.fromEntries(all.filter(([, child]) => isAlive(child)));
  }
}

/** This process's environment without what Jest and its setup have put in. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const own = ['NODE_ENV', 'NODE_OPTIONS', 'JEST_WORKER_ID', 'DATABASE_URL', 'JWT_SECRET'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name)));
}
