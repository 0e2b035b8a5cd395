import { readdirSync, readFileSync } from 'node:fs';

/** What `sysconf(_SC_CLK_TCK)` is on every Linux. */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds that a process has used so far, with those of its children where they are wanted.
 *
 * @param {number} pid
 * @param {{ children?: boolean }} [options]
 * @returns {number} NaN where the system does not tell (it has no `/proc`)
 */
export function cpuSeconds(pid, { children = false } = {}) {
  try {
    const own = readStat(pid);
    // Children that ended have left their time with their parent.
    const ticks = own.ticks + (children ? own.childTicks : 0);
    const living = children ? childrenOf(pid).map((child) => readStat(child).ticks) : [];
    return [ticks, ...living].reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** @param {number} parent */
function childrenOf(parent) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return readStat(pid).parent === parent;
    } catch {
      return false;
    }
  });
}

/** @param {number} pid */
function readStat(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name in brackets and may itself contain blanks and brackets.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [
    fields[1],
    ...fields.slice(11, 15),
  ];
  return { parent, ticks: user + system, childTicks: childUser + childSystem };
}
