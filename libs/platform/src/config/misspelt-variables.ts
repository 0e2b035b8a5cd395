/** Those with our prefix, of whatever part. */
const WITH_PREFIX = /^MODEX_(DATA_DIR|ADMIN_PASSWORD|DEMO|API_URL|TEST_\w+|REQUIRE_ALL)$/;
/** What orchestrators add for every service of theirs, named after it. */
const OF_ORCHESTRATOR = /_(SERVICE|PORT)(_|$)/;
/** Below this length another name is a letter or two away from anything. */
const SHORTEST = 7;

/**
 * Variables that look as if they were meant for this process and that it does not read, one sentence
 * each: almost a name that it knows, or one with our prefix. An environment holds those of others
 * too, so whether something is wrong is for the reader to say.
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

/** One letter wrong, missing, too many or in its neighbour's place; two in a long name. */
function isAlmost(name: string, known: string): boolean {
  if (known.length < SHORTEST) return false;
  return editDistance(name, known) <= (known.length > 10 ? 2 : 1);
}

/** Insertions, deletions, substitutions and exchanges of neighbours (optimal string alignment). */
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
