import { timeZonesNames } from '@vvo/tzdb';

/** Every current name. Browsers list some zones by names that were given up years ago. */
export const timeZones: readonly string[] = ['UTC', ...timeZonesNames];

/** The current name of a zone; the name itself where there is no other. */
export function currentZoneName(timeZone: string): string {
  if (timeZones.includes(timeZone)) return timeZone;
  const canonical = canonicalName(timeZone);
  const found = timeZones.find((name) => canonicalName(name) === canonical);
  return canonical !== null && found !== undefined ? found : timeZone;
}

/** What the browser calls it, which is the same for all names of a zone. */
function canonicalName(timeZone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
