import { beforeAll } from '@jest/globals';
import { itReturnsTheSlotsOfAnExpiredHold } from './support/booking-journeys.js';
import { describePage } from './support/served-page.js';

describePage('an expired hold in the browser', (served) => {
  beforeAll(async () => {
    await served.installation.startWorker();
  });
  itReturnsTheSlotsOfAnExpiredHold(() => ({ installation: served.api, browser: served.browser }));
});
