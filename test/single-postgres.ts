import { Place } from '../scripts/cluster/place.mjs';
import { lastingPort } from '../scripts/launcher/ports.mjs';
import { PostgresServer } from './postgres-server.js';

/**
 * A server of the machine's own PostgreSQL, without databases yet.
 * @param programs the folder with PostgreSQL's
 */
export async function startSinglePostgres(programs: string) {
  const place = await Place.create();
  const server = new PostgresServer(programs, place, 'server', await lastingPort());
  const stop = async () => {
    await server.stop();
    place.remove();
  };
  try {
    await server.initialise();
    await server.start();
    return { server, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
