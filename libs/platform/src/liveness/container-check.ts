// A program: what the HEALTHCHECK of the images runs. Exit code 0 when the process is ready. A process that takes
// connections and answers none for 10 s is killed, which ends its container: Docker starts that
// again, but leaves one alone that is only unhealthy.
import { readdirSync, readFileSync } from 'node:fs';

/** Longest wait for one answer. Milliseconds. */
const ANSWER_MS = 2_000;
const SILENT_MS = 10_000;

const { PORT, METRICS_PORT, WORKER_PORT } = process.env;
const readyUrl = `http://127.0.0.1:${PORT ?? WORKER_PORT}/health/ready`;
/** Not behind the crowd that waits to be accepted at the API's own port. */
const liveUrl = `http://127.0.0.1:${METRICS_PORT ?? WORKER_PORT}/health/live`;

process.exitCode = (await ask(readyUrl)) === 'ok' ? 0 : 1;
if (process.exitCode !== 0 && (await isSilent())) killServer();

async function ask(url: string): Promise<'ok' | 'not ok' | 'silent'> {
  try {
    const { ok } = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return ok ? 'ok' : 'not ok';
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'silent' : 'not ok';
  }
}

/** Asks again and again, as long as no answer comes. */
async function isSilent(): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < SILENT_MS; waitedMs += ANSWER_MS) {
    if ((await ask(liveUrl)) !== 'silent') return false;
  }
  return true;
}

/**
 * The server is the child of the container's init (`init: true`). The kernel lets nobody in a
 * container kill its first process, so without an init there is none to be found.
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
      // It has ended meanwhile.
    }
  }
}
