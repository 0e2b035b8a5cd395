// `npm start` and `npm run dev`. Nothing but the version check is loaded before Node is known to be
// new enough: an old one would answer the rest with a syntax error.
import { nodeTooOld } from './launcher/node-version.mjs';

const tooOld = nodeTooOld(process.versions.node);
if (tooOld) {
  console.error(tooOld);
  process.exitCode = 1;
} else {
  void import('./launcher/main.mjs').then((launcher) => launcher.main(process.argv.slice(2)));
}
