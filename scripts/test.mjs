// `npm test`, `npm run test:browser` (`--browser`), `npm run test:long` (`--long`) and
// `npm run test:cluster` (`--cluster`); further arguments are Jest's.
import { nodeTooOld } from './launcher/node-version.mjs';

const tooOld = nodeTooOld(process.versions.node);
if (tooOld) {
  console.error(tooOld);
  process.exitCode = 1;
} else {
  void import('./launcher/run-tests.mjs').then((launcher) => launcher.main(process.argv.slice(2)));
}
