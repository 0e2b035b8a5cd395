import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Cluster, type ClusterOptions } from '../../scripts/cluster/cluster.mjs';
import { signalGroup } from '../../scripts/launcher/process-group.mjs';
import { describeCluster, START_MS } from './running-cluster.js';

const ROOT = join(import.meta.dirname, '..', '..');
/** What was about to be started when the start failed would be there by then. Milliseconds. */
const LATER_MS = 1_500;
/** A copy of the primary has begun by then, and is not over. Milliseconds. */
const COPYING_MS = 50;

describeCluster('a cluster that does not come up', (programs) => {
  let spawned: Map<number, string>;
  beforeEach(() => {
    spawned = new Map();
  });
  afterEach(() => {
    for (const pid of spawned.keys()) if (isThere(pid)) signalGroup(pid, 'SIGKILL');
  });

  const start = (options: Partial<ClusterOptions>) =>
    Cluster.start({
      root: ROOT,
      programs,
      onSpawn: (name, pid) => spawned.set(pid, name),
      ...options,
    });
  const expectNothingLeft = async () => {
    expect(spawned.size).toBeGreaterThan(0);
    await sleep(LATER_MS);
    expect([...spawned].filter(([pid]) => isThere(pid)).map(([, name]) => name)).toEqual([]);
  };

  it(
    'leaves nothing behind when one part fails while others start',
    async () => {
      const failing = { ...programs, postgres: join(ROOT, 'nowhere') };
      await expect(start({ programs: failing })).rejects.toThrow('initdb failed');
      await expectNothingLeft();
    },
    START_MS,
  );

  it(
    'leaves nothing behind when it is interrupted',
    async () => {
      const interruption = new AbortController();
      const interrupt = (step: string) => {
        // While the primary is being copied.
        if (step.includes('replica')) setTimeout(() => interruption.abort(), COPYING_MS);
      };
      const starting = start({ stop: interruption.signal, onStep: interrupt });
      await expect(starting).rejects.toThrow(/abort/);
      await expectNothingLeft();
    },
    START_MS,
  );
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
