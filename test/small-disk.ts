import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Place } from '../scripts/cluster/place.mjs';

const run = promisify(execFile);

/** Why a suite with a small disk is skipped. */
export const NO_MOUNT = 'only root can mount a small disk';

export interface SmallDisk {
  unmount: () => Promise<void>;
}

/** A file system of its own on a folder, in memory and soon full, that belongs to the servers' user. */
export async function mountMemory(
  folder: string,
  size: string,
  { user }: Place,
): Promise<SmallDisk> {
  const owner = user.uid === undefined ? [] : [`uid=${user.uid}`, `gid=${user.gid}`];
  const options = [`size=${size}`, 'mode=0700', ...owner].join(',');
  await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  return {
    unmount: async () => {
      await run('umount', ['--lazy', folder]);
    },
  };
}
