/** pino's numbers for the level names that other loggers spell out. */
const LEVELS = {
  trace: 10,
  verbose: 10,
  debug: 20,
  log: 30,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
};

/** @typedef {{ level: number, text: string }} LogEntry */

/**
 * @param {string} line as a service printed it
 * @returns {LogEntry | null} its gist, or null when it is not a structured entry
 */
export function readLogLine(line) {
  if (!line.startsWith('{')) return null;
  try {
    const entry = JSON.parse(line);
    const level = typeof entry.level === 'number' ? entry.level : levelNumber(entry.level);
    const parts = [entry.msg ?? entry.message, entry.err?.message ?? entry.error?.message];
    const text = [...new Set(parts.filter(Boolean))].join(': ');
    return { level, text: text || line };
  } catch {
    return null;
  }
}

/** @param {number} level */
export function levelName(level) {
  if (level >= 50) return 'error';
  return level >= 40 ? 'warn' : 'info';
}

/** @param {unknown} name */
function levelNumber(name) {
  return LEVELS[/** @type {keyof typeof LEVELS} */ (String(name).toLowerCase())] ?? LEVELS.info;
}
