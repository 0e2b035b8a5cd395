/** The variables with our prefix, of all programs. */
const WITH_PREFIX = /^MODEX_(DATA_DIR|ADMIN_PASSWORD|DEMO|API_URL|TEST_\w+|REQUIRE_ALL)$/;
/** Variables that orchestrators add for each service, named after it. */
const OF_ORCHESTRATOR = /_(SERVICE|PORT)(_|$)/;
/** Shorter names are a letter or two away from unrelated ones. */
const SHORTEST = 7;

/**
 * Warnings about variables that this process does not read and that are almost one of its names, or
 * have our prefix. An environment has variables of other programs too, so these are not errors.
 */
export function misspeltVariables(
  Config: new () => object,
  environment: NodeJS.ProcessEnv,
): string[] {
  const known = Object.keys(new Config());
  return Object.keys(environment).flatMap((name) => {
    const plain = name.replace(/_FILE$/, '');
    if (known.includes(plain) || !environment[name]) return [];
    const meant = known.find((each) => isAlmost(plain, each));
    if (meant !== undefined) return [`Nothing reads the variable ${name}: is ${meant} meant?`];
    const isOurs = name.startsWith('MODEX_') && !OF_ORCHESTRATOR.test(name);
    return isOurs && !WITH_PREFIX.test(plain) ? [`Nothing reads the variable ${name}.`] : [];
  });
}

/** One letter replaced, missing, extra or swapped with the next; two in a long name. */
function isAlmost(name: string, known: string): boolean {
  if (known.length < SHORTEST) return false;
  return editDistance(name, known) <= (known.length > 10 ? 2 : 1);
}

/** Insertions, deletions, substitutions and transpositions (optimal string alignment). */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      const exchanged = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (i > 1 && j > 1 && exchanged) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
