import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { UsersService } from '@modex/domain';
import { loadConfig, StartError } from '@modex/platform';
import { isEmail } from 'class-validator';
import { PasswordHasher } from '../auth/password-hasher.js';
import { AdminConfig } from '../config/admin-config.js';
import { runCommand } from './command.js';

const USAGE =
  'Usage: npm run admin:create -- --email EMAIL [--name NAME]\n' +
  'The password (10 characters or more) is asked for, or taken from MODEX_ADMIN_PASSWORD.\n' +
  'An account that exists becomes an admin and keeps its password.';

runCommand(async (dataSource) => {
  const { email, name } = readArguments();
  const users = new UsersService(dataSource);
  const existing = await users.findByEmail(email);
  if (existing) {
    await users.makeAdmin(existing.id);
    process.stdout.write(`${existing.email} is an admin now; the password is unchanged.\n`);
    return;
  }
  const passwordHash = await new PasswordHasher().hash(await readPassword());
  await users.create({ email, passwordHash, name, role: 'ADMIN' });
  process.stdout.write(`Created the admin ${email}.\n`);
});

function readArguments(): { email: string; name: string | null } {
  try {
    const { values } = parseArgs({
      options: { email: { type: 'string' }, name: { type: 'string' } },
    });
    if (isEmail(values.email)) return { email: values.email!, name: values.name ?? null };
  } catch {
    // An unknown option: the usage says it all.
  }
  throw new StartError(USAGE);
}

async function readPassword(): Promise<string> {
  const { MODEX_ADMIN_PASSWORD } = loadConfig(AdminConfig, process.env);
  const password = MODEX_ADMIN_PASSWORD ?? (await askPassword());
  if (password.length < 10) throw new StartError('The password needs at least 10 characters.');
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
