// `node scripts/with-database.mjs COMMAND…` runs a command with DATABASE_URL set: the user's own, or
// that of this clone's embedded server, which is started for the command unless it runs already.
import { nodeTooOld } from './launcher/node-version.mjs';

const tooOld = nodeTooOld(process.versions.node);
if (tooOld) {
  console.error(tooOld);
  process.exitCode = 1;
} else {
  void import('./launcher/with-database.mjs').then((launcher) =>
    launcher.main(process.argv.slice(2)),
  );
}
