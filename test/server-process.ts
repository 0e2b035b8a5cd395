import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isDistributed } from './citus-cluster.mjs';

const START_TIMEOUT_MS = 20_000;
/** What processes on a distributed database have to be given. */
const DISTRIBUTED = {
  DATABASE_SHARDED: 'on',
  LEDGER_SHOWS_PER_BATCH: '1',
  IDEMPOTENCY_ACROSS_SHOWS: 'off',
};

export interface LogLine {
  msg: string;
  [field: string]: unknown;
}

/** One of our programs as operators run it: a process of its own, from what was built. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** The line that said it was up. */
    readonly started: LogLine,
    readonly log: LogLine[],
  ) {}

  /** @param folder where the built programs are, if not here */
  static start(
    program: 'api' | 'worker',
    environment: NodeJS.ProcessEnv,
    folder = '.',
  ): Promise<ServerProcess> {
    const upMessage = program === 'api' ? 'listening' : 'at work';
    const { PATH, HOME, LANG } = process.env;
    const child = spawn(process.execPath, [`apps/${program}/dist/main.js`], {
      cwd: folder,
      env: { PATH, HOME, LANG, ...(isDistributed() && DISTRIBUTED), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log: LogLine[] = [];
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${program} did not start in time: ${complaint}`));
      }, START_TIMEOUT_MS);
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = JSON.parse(text) as LogLine;
        log.push(line);
        if (line.msg !== upMessage) return;
        clearTimeout(timer);
        resolve(new ServerProcess(child, line, log));
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`${program} ended with ${code}: ${complaint}`));
      });
    });
  }

  /** Lets it stand still, as one that gets no CPU. */
  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The signal that ended it; null while it runs, or when it ended by itself. */
  get killedBy(): NodeJS.Signals | null {
    return this.child.signalCode;
  }

  /** Ends the process and waits until it is gone. Resolves to its exit code, null if it was killed. */
  stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return Promise.resolve(exitCode);
    return new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.kill(signal);
    });
  }
}
