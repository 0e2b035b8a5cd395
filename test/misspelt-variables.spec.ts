import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ApiConfig } from '../apps/api/src/config/api-config.js';
import { WorkerConfig } from '../apps/worker/src/config/worker-config.js';
import { misspeltVariables } from '../libs/platform/src/config/misspelt-variables.js';

describe('variables that look like ours', () => {
  it.each([
    ['REDIS_URI', 'REDIS_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URLS', 'DATABASE_URL'],
    ['DATABASE_URI_FILE', 'DATABASE_URL'],
    ['JWT_SECRT', 'JWT_SECRET'],
    ['JWT_SERCET', 'JWT_SECRET'],
    ['HOLD_SECOND', 'HOLD_SECONDS'],
    ['LEDGER_LANE', 'LEDGER_LANES'],
    ['TRUST_PROXY_HOP', 'TRUST_PROXY_HOPS'],
    ['redis_url', null],
  ])('are named with the one that is meant: %s', (name, meant) => {
    const told = misspeltVariables(ApiConfig, { [name]: 'a secret' });
    expect(told).toEqual(
      meant === null ? [] : [`Nothing reads the variable ${name}: is ${meant} meant?`],
    );
  });

  it('are named where nothing is near, with our prefix; the worker knows its own', () => {
    expect(misspeltVariables(ApiConfig, { MODEX_HOLD: '5' })).toEqual([
      'Nothing reads the variable MODEX_HOLD.',
    ]);
    expect(misspeltVariables(WorkerConfig, { AMQP_URI: 'x', SMTP_URI: 'x' })).toEqual([
      'Nothing reads the variable AMQP_URI: is AMQP_URL meant?',
      'Nothing reads the variable SMTP_URI: is SMTP_URL meant?',
    ]);
  });

  it('are none of those that others read, and none of any part of an installation', () => {
    const example = readFileSync('.env.example', 'utf8');
    const ours = [...example.matchAll(/^(?:# )?([A-Z][A-Z\d_]+)=/gm)].map(([, name]) => name!);
    expect(ours.length).toBeGreaterThan(60);
    const others = [
      ...['PGHOST', 'PGPASSWORD', 'npm_config_cache', 'npm_package_name', 'NODE_OPTIONS', 'HOME'],
      ...['HOSTNAME', 'PATH', 'SHELL', 'PORTS', 'HOSTS', 'SMTP_FROM', 'TMPDIR', 'LOGNAME', 'TERM'],
      ...[
        'REDIS_PORT',
        'REDIS_HOST',
        'REDIS_SERVICE_HOST',
        'REDIS_PORT_6379_TCP',
        'OTEL_SERVICE_NAME',
      ],
      ...['MODEX_API_SERVICE_HOST', 'MODEX_API_PORT_3000_TCP', 'POSTGRES_USER', 'LANG', 'LC_ALL'],
      ...['OTEL_TRACES_SAMPLER', 'MODEX_DEMO', 'MODEX_TEST_KIND', 'KUBERNETES_SERVICE_HOST'],
    ];
    const environment = Object.fromEntries([...ours, ...others].map((name) => [name, 'set']));
    expect(misspeltVariables(ApiConfig, environment)).toEqual([]);
    expect(misspeltVariables(WorkerConfig, environment)).toEqual([]);
  });
});
