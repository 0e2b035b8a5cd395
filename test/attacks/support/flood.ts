import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import type { Attack } from './attacked-sale.js';

const PROGRAM = 'test/attacks/support/request-flood.mjs';

/**
 * The same request over and over, each connection as fast as it is answered.
 * @param lines of the request, without its `Host`
 * @param counts how often each status was answered; 0 stands for a broken connection
 */
export function flood(
  url: string,
  lines: readonly string[],
  connections: number,
  counts: Record<string, number> = {},
): Attack {
  const [first = '', ...headers] = lines;
  const plan = {
    port: Number(new URL(url).port),
    request: [first, 'Host: localhost', ...headers, '', ''].join('\n'),
    connections,
  };
  return async (signal) => {
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.write(`${JSON.stringify(plan)}\n`);
    const answered = json(child.stdout);
    if (!signal.aborted) await once(signal, 'abort');
    child.stdin.end();
    Object.assign(counts, await answered);
  };
}
