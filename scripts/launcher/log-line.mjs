/**
 * @param {string} line as a service printed it
 * @returns {number | null} pino's number for the level of a log entry (40 is a warning), null for
 *   other text
 */
export function logLevel(line) {
  // Read without parsing the whole: a busy API writes thousands of lines a second.
  const level = /^\{"level":(\d+),/.exec(line)?.[1];
  return level === undefined ? null : Number(level);
}

/**
 * @param {string} line a log entry
 * @returns {string} what it says, for people
 */
export function logText(line) {
  try {
    const { msg, err } = JSON.parse(line);
    return [...new Set([msg, err?.message].filter(Boolean))].join(': ') || line;
  } catch {
    return line;
  }
}
