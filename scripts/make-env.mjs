// `npm run env:make -- [PROFILE…]` writes a .env with new secrets for docker compose into this
// folder, which only its owner may read. One that is there is never touched: it may hold the only
// copy of a password.
import { writeFileSync } from 'node:fs';
import { environmentFile } from './containers/environment-file.mjs';
import { describe, errorCode } from './launcher/start-error.mjs';

try {
  const profiles = process.argv.slice(2);
  const text = environmentFile(profiles);
  writeFileSync('.env', text, { flag: 'wx', mode: 0o600 });
  const what = profiles.length > 0 ? ` and the profiles ${profiles.join(', ')}` : '';
  console.log(`.env has new secrets${what}. Start it: docker compose up --build --wait`);
} catch (error) {
  const exists = errorCode(error) === 'EEXIST';
  console.error(
    exists
      ? 'There is a .env, and its secrets are not to be lost: to add a profile, change its line COMPOSE_PROFILES and take the "# " from the profile\'s variables; for new secrets move the file away.'
      : describe(error),
  );
  process.exitCode = 1;
}
