/**
 * One value of a process's metrics.
 *
 * @param series its whole name: with all of its labels, as they are shown, or without any, where
 *   there is but one series of the name
 * @throws when the process shows no such series
 */
export async function metric(
  { metricsUrl }: { metricsUrl: string },
  series: string,
): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const line = text
    .split('\n')
    .find((each) => each.startsWith(`${series} `) || each.startsWith(`${series}{`));
  if (line === undefined) throw new Error(`no ${series} at ${metricsUrl}`);
  return Number(line.slice(line.lastIndexOf(' ')));
}
