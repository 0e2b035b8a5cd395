import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const MIGRATIONS = 'libs/domain/src/database/migrations';
const OURS = '@modex';

/**
 * The commit before the one that brought the newest migration; null where there is no such history:
 * in a copy without git's folder, a clone that is too shallow, or before the first migration.
 *
 * @throws when git cannot say
 */
export function commitBeforeNewestMigration(): string | null {
  if (!existsSync('.git')) return null;
  const newest = git('log', '-1', '--diff-filter=A', '--format=%H', '--', MIGRATIONS);
  const [older] = git('rev-parse', `${newest}^@`).split('\n');
  if (!older) return null;
  return git('ls-tree', '--name-only', older, `${MIGRATIONS}/`) === '' ? null : older;
}

/** The API as it was at a commit, compiled in a folder of its own with the packages of today. */
export class OlderRelease {
  private constructor(readonly folder: string) {}

  static async build(commit: string): Promise<OlderRelease> {
    const release = new OlderRelease(mkdtempSync(join(tmpdir(), 'modex-older-')));
    const { folder } = release;
    try {
      const archive = join(folder, 'code.tar');
      git('archive', '--output', archive, commit, 'libs', 'apps', 'package.json', ...CONFIGS);
      const run = promisify(execFile);
      await run('tar', ['-xf', archive, '-C', folder]);
      linkPackages(folder);
      const tsc = resolve('node_modules', 'typescript', 'bin', 'tsc');
      await run(process.execPath, [tsc, '-b', 'apps/api/tsconfig.build.json'], { cwd: folder });
      return release;
    } catch (error) {
      release.remove();
      throw error;
    }
  }

  /** The files of its migrations. */
  get migrations(): string[] {
    return readdirSync(join(this.folder, MIGRATIONS)).sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The migrations of today. */
export function migrationsOfToday(): string[] {
  return readdirSync(MIGRATIONS).sort();
}

const CONFIGS = ['tsconfig.base.json', 'tsconfig.json'];

/** All packages are today's but our own, which are the folder's. */
function linkPackages(folder: string): void {
  for (const place of ['.', 'apps/api', 'libs/domain', 'libs/platform']) {
    const from = resolve(place, 'node_modules');
    const to = join(folder, place, 'node_modules');
    mkdirSync(to, { recursive: true });
    for (const name of namesIn(from)) {
      if (name !== OURS) symlinkSync(join(from, name), join(to, name));
    }
  }
  mkdirSync(join(folder, 'node_modules', OURS));
  for (const library of ['domain', 'platform']) {
    symlinkSync(join(folder, 'libs', library), join(folder, 'node_modules', OURS, library));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}
