// Read by every Node that knows ES modules at all, so no syntax newer than those.

const MAJOR = 20;
const MINOR = 19;

/**
 * @param {string} version such as `20.20.2`
 * @returns {string | null} what to tell the user when that Node is too old
 */
export function nodeTooOld(version) {
  const parts = version.split('.').map(Number);
  const major = parts[0] || 0;
  const minor = parts[1] || 0;
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return null;
  return (
    'Modex Booking needs Node.js ' +
    MAJOR +
    '.' +
    MINOR +
    ' or newer, and this is ' +
    version +
    ': see https://nodejs.org/en/download.'
  );
}
