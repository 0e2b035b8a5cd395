import pg from 'pg';

/** How often a server looked into its table of shows, by its own count, which can be ten seconds late. */
export async function looksAtShows(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ scans: number }>(
      `SELECT (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int AS scans
       FROM pg_stat_user_tables WHERE relname = 'shows'`,
    );
    return rows[0]!.scans;
  } finally {
    await client.end();
  }
}
