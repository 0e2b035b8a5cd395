import { beforeAll } from '@jest/globals';
import { describePage } from './support/served-page.js';
import { seeEachOther } from './support/two-people.js';

describePage('two people in their browsers', (served) => {
  beforeAll(async () => {
    await served.installation.startWorker();
  });
  seeEachOther(() => ({ installation: served.api, browser: served.browser }));
});
