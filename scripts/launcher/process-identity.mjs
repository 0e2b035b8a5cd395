import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id alone proves nothing, since ids are used again: together with the time its process
 * began it does.
 *
 * @typedef {{ pid: number, started: string }} ProcessIdentity
 */

/**
 * @param {number} pid
 * @returns {ProcessIdentity | null} null when there is no such process (any more)
 */
export function identify(pid) {
  const started = process.platform === 'linux' ? startedFromProc(pid) : startedFromPs(pid);
  return started === null ? null : { pid, started };
}

/** @param {ProcessIdentity} identity */
export function isAlive(identity) {
  return identify(identity.pid)?.started === identity.started;
}

/**
 * @param {number} pid
 * @returns {string | null} its arguments joined by blanks, null when it is gone
 */
export function commandLine(pid) {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() || null
      : ps(pid, 'command=');
  } catch {
    return null;
  }
}

/** @param {number} pid */
function startedFromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets and may itself contain blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return null;
    // Ticks count from the boot, so two boots could bring the same number.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${ticks}`;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function startedFromPs(pid) {
  try {
    const [state, ...started] = ps(pid, 'stat=,lstart=').split(/\s+/);
    return state?.startsWith('Z') ? null : started.join(' ') || null;
  } catch {
    return null;
  }
}

/**
 * @param {number} pid
 * @param {string} columns
 */
function ps(pid, columns) {
  return execFileSync('ps', ['-ww', '-o', columns, '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
