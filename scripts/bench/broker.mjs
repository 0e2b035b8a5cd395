import { findRabbit } from '../cluster/find-programs.mjs';
import { Place } from '../cluster/place.mjs';
import { rabbitPrograms } from '../cluster/rabbitmq.mjs';
import { lastingPort } from '../launcher/ports.mjs';

/**
 * @typedef {object} Broker
 * @property {string} url
 * @property {() => Promise<void>} stop
 */

/**
 * A RabbitMQ of the bench's own.
 *
 * @param {AbortSignal} signal ends its start before its time
 * @returns {Promise<Broker | null>} null where the machine has none
 */
export async function startBroker(signal) {
  const { rabbitmq, epmd } = findRabbit(process.env);
  if (!rabbitmq || !epmd) return null;
  const place = await Place.create();
  const port = await lastingPort();
  const programs = await rabbitPrograms({ programs: { rabbitmq, epmd }, place, port });
  const stop = async () => {
    await programs.rabbitmq.stop();
    await programs.names.stop();
    place.remove();
  };
  try {
    await programs.names.start(signal);
    await programs.rabbitmq.start(signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `amqp://guest:guest@127.0.0.1:${port}`, stop };
}
