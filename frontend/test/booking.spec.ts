import { beforeAll } from '@jest/globals';
import { itBooksWhileAnotherWatches } from './support/booking-journeys.js';
import { describePage } from './support/served-page.js';

describePage('a booking in the browser', (served) => {
  beforeAll(async () => {
    await served.installation.startWorker();
  });
  itBooksWhileAnotherWatches(() => ({ installation: served.api, browser: served.browser }));
});
