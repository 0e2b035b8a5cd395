import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../../../test/installation.js';
import type { ServerProcess } from '../../../test/server-process.js';

/** A metric that only the role shows. */
const METRICS = {
  expiry: 'modex_expired_holds_total',
  relay: 'modex_outbox_depth',
  notifications: 'modex_notifications_total',
  housekeeping: 'modex_drifting_shows',
};

describe('the roles of a worker', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.create();
  });
  afterAll(() => installation.stop());

  const rolesAtWork = async (worker: ServerProcess) => {
    const url = `http://127.0.0.1:${String(worker.started['port'])}/metrics`;
    const text = await (await fetch(url)).text();
    return Object.entries(METRICS).flatMap(([role, metric]) =>
      text.includes(`# HELP ${metric} `) ? [role] : [],
    );
  };

  it.each([
    ['', ['expiry', 'relay', 'notifications', 'housekeeping']],
    ['housekeeping', ['housekeeping']],
    ['relay, notifications', ['relay', 'notifications']],
  ])('are those of WORKER_ROLES=%s', async (WORKER_ROLES, roles) => {
    expect(await rolesAtWork(await installation.startWorker({ WORKER_ROLES }))).toEqual(roles);
  });

  it.each(['expiry,cooking', 'expiry relay', ','])('cannot be %s', async (WORKER_ROLES) => {
    await expect(installation.startWorker({ WORKER_ROLES })).rejects.toThrow(
      /WORKER_ROLES must be some of expiry, relay, notifications, housekeeping/,
    );
  });

  it.each(['relay', 'notifications'])('need a broker for %s alone', async (WORKER_ROLES) => {
    await expect(installation.startWorker({ WORKER_ROLES })).rejects.toThrow(/AMQP_URL/);
  });

  it('start and stop in time while RabbitMQ is away', async () => {
    const worker = await installation.startWorker({ AMQP_URL: 'amqp://127.0.0.1:1' });
    expect(await worker.stop('SIGTERM')).toBe(0);
  });
});
