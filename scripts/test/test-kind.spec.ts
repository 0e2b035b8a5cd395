import { describe, expect, it } from '@jest/globals';
import { testKind } from '../launcher/test-kind.mjs';
import { ROOT } from './launcher-process.js';

describe('a test run', () => {
  it.each([
    [[], { kind: 'all', needsPage: true, needsServer: true }],
    [['libs/platform'], { kind: 'unit', needsPage: false, needsServer: false }],
    [['libs/domain/src'], { kind: 'unit', needsPage: false, needsServer: false }],
    [['libs/domain'], { kind: 'all', needsPage: false, needsServer: true }],
    [['frontend/src'], { kind: 'unit', needsPage: false, needsServer: false }],
    [['frontend'], { kind: 'all', needsPage: true, needsServer: true }],
    [['libs/platform', 'scripts'], { kind: 'all', needsPage: true, needsServer: true }],
    [['-t', 'a title'], { kind: 'all', needsPage: true, needsServer: true }],
    [['--browser'], { kind: 'browser', needsPage: true, needsServer: true }],
    [['--cluster'], { kind: 'cluster', needsPage: true, needsServer: false }],
    [['--long', 'apps/api/test'], { kind: 'long', needsPage: false, needsServer: true }],
  ])('starts only what %j needs', (args, needed) => {
    expect(testKind(ROOT, args)).toMatchObject(needed);
  });

  it('passes the other arguments on to Jest', () => {
    expect(testKind(ROOT, ['--long', 'libs/domain', '-t', 'x']).jestArgs).toEqual([
      'libs/domain',
      '-t',
      'x',
    ]);
  });
});
