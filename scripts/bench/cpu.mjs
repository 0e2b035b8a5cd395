import { readdirSync, readFileSync } from 'node:fs';

/** `sysconf(_SC_CLK_TCK)` on every Linux. */
const TICKS_PER_SECOND = 100;

/**
 * @param {number} pid
 * @param {{ children?: boolean }} [options] whether its children count, too
 * @returns {number} CPU seconds so far; NaN where there is no `/proc`
 */
export function cpuSeconds(pid, { children = false } = {}) {
  try {
    const own = readStat(pid);
    if (!children) return own.ticks / TICKS_PER_SECOND;
    const living = readdirSync('/proc').flatMap((name) => readStatOfChild(name, pid));
    const ticks = [own.ticks, own.endedChildTicks, ...living];
    return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** CPU seconds of the programs that this process has run to their end, such as load generators. */
export function endedChildrenCpu() {
  try {
    return readStat(process.pid).endedChildTicks / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** @param {string} name in `/proc` @param {number} parent */
function readStatOfChild(name, parent) {
  try {
    const stat = readStat(Number(name));
    return stat.parent === parent ? [stat.ticks] : [];
  } catch {
    // Other files, and processes that have ended since.
    return [];
  }
}

/** @param {number} pid */
function readStat(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name in brackets and may itself contain blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [
    fields[1],
    ...fields.slice(11, 15),
  ].map(Number);
  return { parent, ticks: user + system, endedChildTicks: childUser + childSystem };
}
