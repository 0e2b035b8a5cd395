import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { calendarsIn, codesIn } from '../../../test/read-mail.js';

describe('somebody who confirms a booking over the API', () => {
  let folder: string;
  let installation: Installation;
  let api: ApiProcess;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modex-mail-'));
    installation = await Installation.create({ MAIL_DIR: folder });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  });
  afterAll(async () => {
    await installation.stop();
    await rm(folder, { recursive: true });
  });

  it('gets a mail, and organisers see that they did', async () => {
    const admin = await api.client().registerAdmin();
    const ada = await api.client().register('ada@example.com');
    const { id: showId } = await admin.createShow({ title: 'A play' });
    const { body: booking } = await ada.hold(showId, 2);
    await ada.act('confirm', booking.id);
    await eventually(async () => {
      const { body } = await admin.request('GET', `/api/v1/notifications?showId=${showId}`);
      expect(body.data).toMatchObject([
        {
          kind: 'BOOKING_CONFIRMED',
          status: 'SENT',
          recipient: 'ada@example.com',
          bookingId: booking.id,
          user: { id: ada.userId },
        },
      ]);
    }, 10_000);
    const [file, ...more] = await readdir(folder);
    expect(more).toEqual([]);
    const mail = await simpleParser(await readFile(join(folder, file!)));
    expect(mail.subject).toBe('Booking confirmed: A play');
    expect(codesIn(mail)).toEqual([booking['reference']]);
    expect(calendarsIn(mail)).toMatchObject([{ method: 'REQUEST', summary: 'A play' }]);
  });
});
