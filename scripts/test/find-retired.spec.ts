import { describe, expect, it } from '@jest/globals';
import { findRetired } from '../words/find-retired.mjs';

const WORDS = {
  identifiers: { 'Farewell*': 'ConnectionDraining', RUSH_FROM: 'RELAY_THROTTLE_FROM' },
  files: { farewell: 'connection-draining' },
  phrases: { 'set aside': 'dead-lettered' },
  exempt: [],
};

describe('the check of retired words', () => {
  const find = (text: string, file = 'apps/a.ts') => findRetired(WORDS, [{ file, text }]);

  it('names the file, the line and what to write instead', () => {
    expect(find('const one = 1;\nnew FarewellService(RUSH_FROM);\n')).toEqual([
      'apps/a.ts:2: "FarewellService" is retired: ConnectionDraining',
      'apps/a.ts:2: "RUSH_FROM" is retired: RELAY_THROTTLE_FROM',
    ]);
  });

  it('finds phrases in any letter case, also over the lines of a comment', () => {
    const instead = 'is retired: dead-lettered';
    expect(find('Set aside')).toEqual([`apps/a.ts:1: "Set aside" ${instead}`]);
    expect(find('/**\n * An event is set\n * aside.\n */')).toEqual([
      `apps/a.ts:2: "set * aside" ${instead}`,
    ]);
  });

  it('finds parts of file names', () => {
    expect(find('', 'apps/farewell.spec.ts')).toEqual([
      'apps/farewell.spec.ts: "farewell" in its name is retired: connection-draining',
    ]);
  });

  it('leaves parts of other words alone', () => {
    expect(find('MY_RUSH_FROM, RUSH_FROMAGE, aFarewell, offset asides', 'farewells.ts')).toEqual(
      [],
    );
  });

  it('keeps to exemptions by path and line, and names those that nothing needs', () => {
    const exempt = [
      { path: 'docs/', why: 'a folder' },
      { path: 'apps/a.ts', line: 'literally', why: 'a line' },
      { path: 'apps/gone.ts', why: 'nothing' },
    ];
    const files = [
      { file: 'docs/x/y.md', text: 'RUSH_FROM' },
      { file: 'apps/a.ts', text: 'literally set aside\nset aside' },
    ];
    expect(findRetired({ ...WORDS, exempt }, files)).toEqual([
      'apps/a.ts:2: "set aside" is retired: dead-lettered',
      'nothing needs the exemption of apps/gone.ts any more',
    ]);
  });
});
