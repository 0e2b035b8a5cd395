import { afterAll, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  itBooksWhileAnotherWatches,
  itReturnsTheSlotsOfAnExpiredHold,
} from '../../frontend/test/support/booking-journeys.js';
import { findChromium, launchBrowser } from '../browser.js';
import { describeWith } from '../optional.js';
import { describeCluster, RunningCluster, START_MS } from './running-cluster.js';

describeCluster('a booking in the browser, behind nginx', (programs) => {
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

    const target = () => ({ installation: cluster, browser });
    itBooksWhileAnotherWatches(target);
    itReturnsTheSlotsOfAnExpiredHold(target);
  });
});
