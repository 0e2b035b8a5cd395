import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findChromium, launchBrowser } from '../../../test/browser.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { describeWith } from '../../../test/optional.js';

const SPA_DIR = join(import.meta.dirname, '..', '..', 'dist');
const START_MS = 60_000;

/** An installation that serves the built page, and a browser to look at it. */
export interface ServedPage {
  installation: Installation;
  api: ApiProcess;
  browser: Browser;
}

/**
 * A suite about the page in Chromium.
 * @param define gets what is there from the suite's `beforeAll` on
 */
export function describePage(title: string, define: (served: ServedPage) => void): void {
  describeWith(title, findChromium(), 'no Chromium on PATH', (chromium) => {
    const served = {} as ServedPage;
    beforeAll(async () => {
      served.installation = await Installation.create({ SPA_DIR });
      [served.api, served.browser] = await Promise.all([
        served.installation.startApi(),
        launchBrowser(chromium),
      ]);
    }, START_MS);
    afterAll(async () => {
      await served.browser?.close();
      await served.installation?.stop();
    });
    define(served);
  });
}
