import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { PROFILES, SECRETS } from '../containers/profiles.mjs';
import { ROOT } from './launcher-process.js';

describe('npm run env:make', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modex-env-'));
    file = join(folder, '.env');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function make(...profiles: string[]) {
    const args = [join(ROOT, 'scripts', 'make-env.mjs'), ...profiles];
    return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  }

  it('writes new secrets, for nobody but the owner', () => {
    expect(make().status).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const written = parseEnv(readFileSync(file, 'utf8'));
    const secrets = SECRETS.map((name) => written[name]);
    expect(new Set(secrets).size).toBe(SECRETS.length);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(written).sort()).toEqual([...SECRETS, 'COMPOSE_PROFILES'].sort());
    expect(written['COMPOSE_PROFILES']).toBe('');
  });

  it('switches on what the profiles add, and has the others ready', () => {
    expect(make('scale', 'monitoring').status).toBe(0);
    const text = readFileSync(file, 'utf8');
    const written = parseEnv(text);
    expect(written['COMPOSE_PROFILES']).toBe('scale,monitoring');
    expect(written).toMatchObject(PROFILES['scale']!.variables);
    expect(written).not.toHaveProperty('AMQP_URL');
    expect(text).toContain('\n# AMQP_URL=');
  });

  it('leaves a .env alone that is there', () => {
    writeFileSync(file, 'JWT_SECRET=the only one\n');
    const { status, stderr } = make('scale');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^There is a .env, and its secrets are not to be lost: .+\n$/);
    expect(readFileSync(file, 'utf8')).toBe('JWT_SECRET=the only one\n');
  });

  it.each([
    [['scale', 'sacle'], 'There is no profile sacle; there are scale, events, monitoring, citus.'],
    [['scale', 'citus'], 'scale and citus do not go together'],
  ])('writes nothing for the profiles %s', (profiles, reason) => {
    const { status, stderr } = make(...profiles);
    expect(status).toBe(1);
    expect(stderr).toContain(reason);
    expect(existsSync(file)).toBe(false);
  });
});
