// A program: what the HEALTHCHECK of the images runs. Exit code 0 when the process is ready. A process that takes
// connections and answers none for 10 s is killed, which ends its container: Docker starts that
// again, but leaves one alone that is only unhealthy.
import { readdirSync, readFileSync } from 'node:fs';

/** Longest wait for one answer. Milliseconds. */
const ANSWER_MS = 2_000;
const SILENT_MS = 10_000;

const { PORT, METRICS_PORT, WORKER_PORT } = process.env;
const readyUrl = `http://127.0.0.1:${PORT ?? WORKER_PORT}/health/ready`;
/** The operators' port: its listen queue is empty when the API's is full. */
const liveUrl = `http://127.0.0.1:${METRICS_PORT ?? WORKER_PORT}/health/live`;

process.exitCode = (await probe(readyUrl)) === 'ok' ? 0 : 1;
if (process.exitCode !== 0 && (await isSilent())) killServer();

async function probe(url: string): Promise<'ok' | 'not ok' | 'silent'> {
  try {
    const { ok } = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return ok ? 'ok' : 'not ok';
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'silent' : 'not ok';
  }
}

/** Probes until there is an answer, or for `SILENT_MS`. */
async function isSilent(): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < SILENT_MS; waitedMs += ANSWER_MS) {
    if ((await probe(liveUrl)) !== 'silent') return false;
  }
  return true;
}

/**
 * The server is the child of the container's init (`init: true`). The first process of a
 * container cannot be killed from inside it, so this needs an init.
 */
function killServer(): void {
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      const isServer = /\/dist\/main\.js\0/.test(readFileSync(`/proc/${name}/cmdline`, 'latin1'));
      if (parent !== '1' || !isServer) continue;
      process.stdout.write(`no answer for ${SILENT_MS / 1_000} s: process ${name} is killed\n`);
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // The process has ended meanwhile.
    }
  }
}
