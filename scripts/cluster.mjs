// `npm run cluster`.
import { nodeTooOld } from './launcher/node-version.mjs';

const tooOld = nodeTooOld(process.versions.node);
if (tooOld) {
  console.error(tooOld);
  process.exitCode = 1;
} else {
  void import('./cluster/main.mjs').then((cluster) => cluster.main());
}
