import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the operators' audit of I1 prints of the database at an address. */
export async function audit(url: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['apps/api/dist/commands/audit.js'],
    { env: { PATH: process.env['PATH'], DATABASE_URL: url } },
    // Where there is drift it exits with 1, and what it printed says where.
  ).catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}
