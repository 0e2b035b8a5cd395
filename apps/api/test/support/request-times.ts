import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SCRIPT = `
  const [url, count] = process.argv.slice(1);
  const times = [];
  while (times.length < count) {
    const started = performance.now();
    await (await fetch(url)).arrayBuffer();
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log(JSON.stringify(times));
`;

/** How long so many requests take, one after the other, from a process that does nothing else. Milliseconds. */
export async function requestTimes(url: string, count: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    SCRIPT,
    url,
    String(count),
  ]);
  return JSON.parse(stdout) as number[];
}
