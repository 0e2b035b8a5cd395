import { readFileSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;

/** Lets the other processes of this machine go first, where its cores are all busy. */
export function giveWay(): void {
  setPriority(PRIORITY);
  try {
    // Linux shares the cores among sessions first, and then counts priorities only within each.
    if (isSessionLeader()) writeFileSync('/proc/self/autogroup', String(PRIORITY));
  } catch {
    // Another system, or one that does not.
  }
}

function isSessionLeader(): boolean {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  // After the name in brackets: state, parent, process group, session.
  const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(session) === process.pid;
}
