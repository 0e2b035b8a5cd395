import { afterAll, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { seeEachOther } from '../../frontend/test/support/two-people.js';
import { findChromium, launchBrowser } from '../browser.js';
import { describeWith } from '../optional.js';
import { describeCluster, RunningCluster, START_MS } from './running-cluster.js';

describeCluster('two people in their browsers, before nginx', (programs) => {
  describeWith('and many machines', findChromium(), 'no Chromium on PATH', (chromium) => {
    let cluster: RunningCluster;
    let browser: Browser;
    beforeAll(async () => {
      cluster = await RunningCluster.start(programs);
      browser = await launchBrowser(chromium);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await cluster?.stop();
    }, START_MS);

    seeEachOther(() => ({ installation: cluster, browser }));
  });
});
