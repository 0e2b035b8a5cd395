import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { eventually } from '../../../test/eventually.js';
import { describeWith } from '../../../test/optional.js';
import { findPostgres, NO_POSTGRES } from '../../../test/postgres-server.js';
import { StreamingPair } from '../../../test/streaming-pair.js';
import { dataSourceOptions, type ConnectionSettings } from '../src/database/data-source.js';
import { ReadReplicas } from '../src/database/read-replicas.js';

const TITLE = `SELECT value FROM notes`;
const SERVER = `SELECT CASE WHEN pg_is_in_recovery() THEN 'replica' ELSE 'primary' END AS value`;

describeWith('read replicas', findPostgres(), NO_POSTGRES, (programs) => {
  let pair: StreamingPair;
  let connection: ConnectionSettings;
  let primary: DataSource;
  let replicas: ReadReplicas | undefined;
  let changes: string[];

  beforeAll(async () => {
    pair = await StreamingPair.start(programs);
    connection = { url: pair.url, applicationName: 'test', poolSize: 4 };
    primary = await new DataSource(dataSourceOptions(connection)).initialize();
    await primary.query(`CREATE TABLE notes (value text)`);
    await primary.query(`INSERT INTO notes VALUES ('first')`);
  }, 60_000);
  afterAll(async () => {
    await primary?.destroy();
    await pair?.stop();
  });

  beforeEach(() => {
    changes = [];
  });
  afterEach(async () => {
    await replicas?.close();
    replicas = undefined;
    await pair.delayReplay('0');
  });

  const open = (url = pair.replicaUrl, maxLagMs = 5_000): ReadReplicas => {
    replicas = new ReadReplicas(primary, connection, {
      urls: [url],
      maxLagMs,
      onChange: (name, state, reason) => changes.push(`${name} ${state}: ${reason}`),
    });
    replicas.start();
    return replicas;
  };
  const openInUse = async (maxLagMs?: number): Promise<ReadReplicas> => {
    const opened = open(pair.replicaUrl, maxLagMs);
    await eventually(async () => expect(await ask(SERVER)).toBe('replica'));
    return opened;
  };
  const ask = async (sql: string): Promise<string> => {
    const [row] = await replicas!.read((source) => source.query<{ value: string }[]>(sql));
    return row!.value;
  };
  const write = (value: string) => primary.query(`UPDATE notes SET value = $1`, [value]);
  const isWell = () => replicas!.states()[0]!.isUsable;
  const replicaName = () => `127.0.0.1:${pair.replica.port}/modex`;

  /** Reads without a pause until told to stop; resolves to how long each took, the slowest first. */
  const readSteadily = () => {
    let stopped = false;
    const reading = (async () => {
      const times: number[] = [];
      for (; !stopped; await sleep(2)) {
        const began = performance.now();
        await ask(TITLE);
        times.push(performance.now() - began);
      }
      return times.sort((a, b) => b - a);
    })();
    // Whether it failed is asked at the end.
    reading.catch(() => {});
    return () => {
      stopped = true;
      return reading;
    };
  };

  it('are used as soon as they were measured, and the primary before that', async () => {
    open();
    expect(await ask(SERVER)).toBe('primary');
    await eventually(async () => expect(await ask(SERVER)).toBe('replica'));
    expect(replicas!.reads.replica).toBe(1);
    expect(replicas!.states()).toEqual([
      { name: replicaName(), isUsable: true, lagMs: expect.any(Number) },
    ]);
    expect(changes).toEqual([expect.stringContaining(`${replicaName()} in use`)]);
  });

  it('need not be there', async () => {
    open('postgres://modex:secret@127.0.0.1:1/modex');
    await eventually(() => expect(changes).toHaveLength(1));
    expect(changes[0]).toMatch(/^127\.0\.0\.1:1\/modex ejected: .*ECONNREFUSED/);
    expect(await ask(SERVER)).toBe('primary');
  });

  it('are ejected when they replay nobody', async () => {
    open(pair.url);
    await eventually(() => expect(changes).toHaveLength(1));
    expect(changes[0]).toMatch(/ejected: it is not a replica/);
  });

  it('show everything that was committed before the required position was raised', async () => {
    const { reads } = await openInUse();
    for (let i = 0; i < 50; i++) {
      const { replica } = reads;
      await write(`text ${i}`);
      replicas!.readYourWrites();
      const began = performance.now();
      // Until the replica answers again, which is when it might show the old text.
      while (reads.replica === replica) {
        expect(await ask(TITLE)).toBe(`text ${i}`);
        await sleep(1);
      }
      expect(performance.now() - began).toBeLessThan(1_000);
    }
    expect(changes).toHaveLength(1);
  });

  it('stay unused until they have replayed it, however long that takes', async () => {
    await openInUse();
    await pair.delayReplay('1s');
    await write('new text');
    const committedAt = performance.now();
    replicas!.readYourWrites();
    const { replica } = replicas!.reads;
    while (replicas!.reads.replica === replica) {
      expect(await ask(TITLE)).toBe('new text');
      await sleep(5);
    }
    expect(performance.now() - committedAt).toBeGreaterThan(900);
  });

  it('do not come back by a measurement that was begun before', async () => {
    await write('before');
    const { reads } = await openInUse();
    await pair.delayReplay('1s');
    replicas!.readYourWrites();
    // In the same iteration of the event loop in which the measuring begins; its answer is read later.
    await sleep(20);
    const update = `UPDATE notes SET value = 'after'`;
    execFileSync(join(programs, 'psql'), ['--quiet', '--command', update, pair.url]);
    replicas!.readYourWrites();
    const { replica } = reads;
    while (reads.replica === replica) {
      expect(await ask(TITLE)).toBe('after');
      await sleep(5);
    }
  });

  it('are ejected when they are too far behind, and come back', async () => {
    await openInUse(500);
    await pair.delayReplay('60s');
    await write('far ahead');
    await eventually(() => expect(changes).toHaveLength(2));
    expect(changes[1]).toMatch(/ejected: it is 0\.[5-9] s behind/);
    expect(await ask(TITLE)).toBe('far ahead');
    await eventually(() => expect(replicas!.states()[0]!.lagMs).toBeGreaterThan(1_000));
    await pair.delayReplay('0');
    await eventually(async () => expect(await ask(SERVER)).toBe('replica'));
    expect(await ask(TITLE)).toBe('far ahead');
    expect(changes).toHaveLength(3);
  });

  it('may be stopped and started without anybody noticing', async () => {
    await openInUse();
    const stopReading = readSteadily();
    await pair.replica.stop('immediate');
    await eventually(() => expect(isWell()).toBe(false));
    await pair.replica.start();
    await eventually(() => expect(isWell()).toBe(true), 10_000);
    await eventually(async () => expect(await ask(SERVER)).toBe('replica'));
    expect((await stopReading())[0]).toBeLessThan(1_000);
    expect(changes).toEqual([
      expect.stringContaining('in use'),
      expect.stringContaining('ejected'),
      expect.stringContaining('in use'),
    ]);
  }, 60_000);

  it('are measured anew when a connection breaks, for they may have gone back in time', async () => {
    await openInUse();
    await pair.onReplica(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'test replica'`,
    );
    await eventually(() =>
      expect(changes).toEqual([
        expect.stringContaining('in use'),
        expect.stringMatching(/ejected: .*terminat/),
        expect.stringContaining('in use'),
      ]),
    );
  });

  it('cost a reader two seconds when they fall silent, once', async () => {
    await openInUse();
    const stopReading = readSteadily();
    pair.replica.freeze();
    try {
      await eventually(() => expect(isWell()).toBe(false));
      const { primary: before } = replicas!.reads;
      await sleep(3_000);
      expect(replicas!.reads.primary - before).toBeGreaterThan(200);
    } finally {
      pair.replica.thaw();
    }
    await eventually(async () => expect(await ask(SERVER)).toBe('replica'), 10_000);
    const [first, second] = await stopReading();
    expect(first).toBeGreaterThan(1_000);
    expect(first).toBeLessThan(3_000);
    expect(second).toBeLessThan(1_000);
  }, 60_000);

  it('serve on while the primary is away, until nobody knows how old they are', async () => {
    await openInUse(2_000);
    const { primary: before } = replicas!.reads;
    pair.primary.freeze();
    try {
      const frozenAt = performance.now();
      while (performance.now() - frozenAt < 500) expect(await ask(SERVER)).toBe('replica');
      await eventually(() => expect(isWell()).toBe(false));
    } finally {
      pair.primary.thaw();
    }
    expect(replicas!.reads.primary).toBe(before);
    await eventually(async () => expect(await ask(SERVER)).toBe('replica'));
  });

  describe('a read that the replica breaks off', () => {
    it('is done by the primary when its connection is lost', async () => {
      await openInUse();
      await expect(
        ask(`SELECT CASE WHEN pg_is_in_recovery()
                         THEN pg_terminate_backend(pg_backend_pid())::text ELSE 'done' END AS value`),
      ).resolves.toBe('done');
      await eventually(async () => expect(await ask(SERVER)).toBe('replica'));
    });

    it('is done by the primary when it is in the way of what is replayed', async () => {
      await openInUse();
      await pair.replica.query('postgres', `ALTER SYSTEM SET max_standby_streaming_delay = 0`);
      await pair.replica.query('postgres', `SELECT pg_reload_conf()`);
      const began = performance.now();
      const reading = ask(
        `SELECT CASE WHEN pg_is_in_recovery() THEN pg_sleep(1.5)::text ELSE 'done' END AS value
         FROM notes`,
      );
      await sleep(200);
      await write('in the way');
      await primary.query('VACUUM notes');
      expect(await reading).toBe('done');
      expect(performance.now() - began).toBeLessThan(1_400);
      expect(changes).toHaveLength(1);
    });

    it('fails when that is its own fault', async () => {
      const { reads } = await openInUse();
      const { primary: before } = reads;
      await expect(ask('SELECT nonsense')).rejects.toThrow('column "nonsense" does not exist');
      expect(reads.primary).toBe(before);
      expect(await ask(SERVER)).toBe('replica');
    });
  });
});
