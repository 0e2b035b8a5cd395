import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logLevel, logText } from '../launcher/log-line.mjs';
import { nodeTooOld } from '../launcher/node-version.mjs';
import { RestartPolicy } from '../launcher/restart-policy.mjs';
import { httpUrl, readSettings, serviceEnvironment } from '../launcher/settings.mjs';
import { withVariablesInFiles } from '../launcher/variables-in-files.mjs';

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('%s is new enough', (version) => {
    expect(nodeTooOld(version)).toBeNull();
  });

  it.each(['20.18.3', '18.20.8', '8.17.0'])('%s is too old, in one sentence', (version) => {
    expect(nodeTooOld(version)).toMatch(new RegExp(`^[^\n]*20\\.19[^\n]* ${version}: [^\n]*$`));
  });
});

describe('RestartPolicy', () => {
  it('waits longer after each death and gives up at the fifth within a minute', () => {
    const policy = new RestartPolicy();
    const delays = [0, 1_000, 4_000, 10_000, 59_000].map((time) => policy.died(time));
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, null]);
  });

  it('forgets a death after a minute', () => {
    const policy = new RestartPolicy();
    const delays = [0, 60_000, 120_000].map((time) => policy.died(time));
    expect(delays).toEqual([1_000, 1_000, 1_000]);
  });
});

describe('a line of a log', () => {
  it('has a level when it is an entry', () => {
    expect(logLevel('{"level":40,"msg":"slow"}')).toBe(40);
    expect(logLevel('Error: no')).toBeNull();
  });

  it('is told to people with the message of its error', () => {
    const entry = '{"level":50,"msg":"sweep failed","err":{"message":"no connection"}}';
    expect(logText(entry)).toBe('sweep failed: no connection');
  });

  it('is told as it is when it was cut off', () => {
    expect(logText('{"level":50,"msg":"swe')).toBe('{"level":50,"msg":"swe');
  });
});

describe('readSettings', () => {
  it('has an answer to an empty environment', () => {
    expect(readSettings({}, '/srv/modex')).toMatchObject({
      dataDir: '/srv/modex/.modex',
      host: '127.0.0.1',
      url: 'http://127.0.0.1:3000',
    });
  });

  it('refuses a second database without a first', () => {
    expect(() => readSettings({ DATABASE_DIRECT_URL: 'postgresql://x' }, '/')).toThrow(
      'DATABASE_DIRECT_URL means nothing without DATABASE_URL',
    );
  });

  it('names an address that a browser can open', () => {
    expect(httpUrl('0.0.0.0', 80)).toBe('http://127.0.0.1:80');
    expect(httpUrl('::', 80)).toBe('http://[::1]:80');
  });
});

describe('variables in files', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'modex-variables-'));
    file = join(folder, 'variable');
    writeFileSync(file, 'postgresql://x\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['DATABASE_DIRECT_URL', 'DATABASE_REPLICA_URLS'])(
    'hide no %s without a first database',
    (name) => {
      const env = withVariablesInFiles({ [`${name}_FILE`]: file });
      expect(() => readSettings(env, '/')).toThrow(`${name} means nothing without DATABASE_URL`);
    },
  );

  it('are read wherever API and worker would be given the variable too', () => {
    const own = { DATABASE_URL: 'postgresql://x', JWT_SECRET: 'opensesame' };
    const given = Object.keys(serviceEnvironment(own, readSettings(own, '/'), own.DATABASE_URL));
    expect(given).toContain('PUBLIC_URL');
    for (const name of given) {
      expect(withVariablesInFiles({ [`${name}_FILE`]: file })).toEqual({
        [name]: 'postgresql://x',
      });
    }
  });
});
