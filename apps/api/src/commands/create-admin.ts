import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { canonicalEmail, UsersService, type User } from '@modex/domain';
import { loadConfig, StartError } from '@modex/platform';
import type { DataSource } from 'typeorm';
import { PasswordHasher } from '../auth/passwords/password-hasher.js';
import { refusePassword } from '../auth/passwords/password-rules.js';
import { AdminConfig } from '../config/admin-config.js';
import { faultOfLine } from '../http/text-rules.js';
import { runCommand } from './command.js';

const USAGE =
  'Usage: npm run admin:create -- --email EMAIL [--name NAME] [--promote]\n' +
  'The password (10 characters or more) is asked for, or taken from MODEX_ADMIN_PASSWORD.\n' +
  'With --promote an account that exists becomes an admin: it gets this password, and its sessions end.';

interface Arguments {
  email: string;
  name: string | null;
  promote: boolean;
}

runCommand(async (dataSource) => {
  const { email, name, promote } = readArguments();
  const users = new UsersService(dataSource);
  const existing = await users.findByEmail(email);
  if (existing && !promote) throw new StartError(describeExisting(existing));
  const passwordHash = await new PasswordHasher().hash(await readPassword(email));
  if (existing) {
    await promoteAccount(dataSource, existing, passwordHash);
    return;
  }
  await users.create({ email, passwordHash, name, role: 'ADMIN' });
  process.stdout.write(`Created the admin ${email}.\n`);
});

/** The account's creator may know its password and have open sessions, so both are replaced. */
async function promoteAccount(
  dataSource: DataSource,
  { id, email }: User,
  passwordHash: string,
): Promise<void> {
  await new UsersService(dataSource).promote(id, passwordHash);
  process.stdout.write(
    `${email} is an admin now: with the given password, and signed out everywhere.\n`,
  );
}

function describeExisting({ email, role, createdAt }: User): string {
  const since = createdAt.toISOString().slice(0, 10);
  return (
    `There is an account ${email} already (${role}, since ${since}); nothing was changed. Whoever opened it ` +
    'knows its password: with --promote it becomes an admin, gets the password that you give, and its sessions end.'
  );
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        promote: { type: 'boolean', default: false },
      },
    });
    const { email, name, promote } = values;
    if (email !== undefined && canonicalEmail(email) !== null) {
      if (faultOfLine(name ?? '') === null) return { email, name: name ?? null, promote };
    }
  } catch {
    // An unknown option: the usage follows.
  }
  throw new StartError(USAGE);
}

async function readPassword(email: string): Promise<string> {
  const { MODEX_ADMIN_PASSWORD } = loadConfig(AdminConfig, process.env);
  const password = MODEX_ADMIN_PASSWORD ?? (await askPassword());
  const refusal = refusePassword(password, email);
  if (refusal !== null) throw new StartError(refusal);
  return password;
}

async function askPassword(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question('Password: ');
  } finally {
    terminal.close();
  }
}
