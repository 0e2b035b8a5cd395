import { chmod, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Only its owner may look into it, and read the files in it, whatever the umask says. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Of a folder that everybody shares, such as /tmp. */
const STICKY = 0o1000;

/** A folder with messages to people. */
export class PrivateFolder {
  private ready: Promise<void> | null = null;

  constructor(private readonly path: string) {}

  /** Whoever opens the file sees all of it. Resolves to its path. */
  async write(name: string, content: Buffer | string): Promise<string> {
    this.ready ??= this.prepare();
    try {
      await this.ready;
      const file = join(this.path, name);
      await writeFile(`${file}.part`, content, { mode: FILE_MODE });
      await rename(`${file}.part`, file);
      return file;
    } catch (error) {
      // Somebody may have removed the folder: the next attempt makes it anew.
      this.ready = null;
      throw error;
    }
  }

  /** Makes it, or takes the rights of others away from what an earlier release made. */
  private async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: FOLDER_MODE });
    const { mode, uid } = await stat(this.path);
    const isOurs = process.getuid === undefined || process.getuid() === uid;
    if (!isOurs || (mode & STICKY) !== 0) return;
    await chmod(this.path, FOLDER_MODE);
    const names = await readdir(this.path);
    const messages = names.filter((name) => /\.(eml|txt)$/.test(name));
    for (const name of messages) await chmod(join(this.path, name), FILE_MODE);
  }
}
