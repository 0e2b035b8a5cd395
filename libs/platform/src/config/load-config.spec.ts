import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IsUrl, MinLength } from 'class-validator';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, loadConfig } from './load-config.js';

class Config {
  @MinLength(8, { message: 'SECRET must have at least 8 characters' })
  SECRET: string;

  @IsUrl({ require_tld: false }, { message: 'ADDRESS must be a URL' })
  ADDRESS = 'http://localhost';
}

describe('variables in files', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modex-config-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function fileWith(content: string): string {
    const file = join(folder, 'variable');
    writeFileSync(file, content);
    return file;
  }

  function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
    try {
      loadConfig(Config, environment);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
    return [];
  }

  it('are read, without the line break at the end', () => {
    const config = loadConfig(Config, { SECRET_FILE: fileWith(' seven of nine \n') });
    expect(config.SECRET).toBe(' seven of nine ');
  });

  it('are held to the same rules', () => {
    expect(problemsOf({ SECRET_FILE: fileWith('short\n') })).toEqual([
      'SECRET must have at least 8 characters',
    ]);
    expect(problemsOf({ SECRET_FILE: fileWith('\n') })).toEqual(['SECRET is required']);
  });

  it('are refused beside the variable itself', () => {
    const environment = { SECRET: 'long enough', SECRET_FILE: fileWith('also long enough') };
    expect(problemsOf(environment)).toEqual(['SECRET and SECRET_FILE are both given']);
  });

  it('are named with the reason when they cannot be read, with all that is wrong', () => {
    const environment = { SECRET_FILE: join(folder, 'missing'), ADDRESS: 'nowhere at all' };
    expect(problemsOf(environment)).toEqual([
      'SECRET_FILE names a file that cannot be read (ENOENT)',
      'ADDRESS must be a URL',
    ]);
  });

  it('do not matter where none is named', () => {
    expect(problemsOf({ SECRET: 'long enough', SECRET_FILE: '' })).toEqual([]);
  });
});
