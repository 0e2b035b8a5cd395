import 'reflect-metadata';
import { DatabaseNotReadyError, onDirectDatabase, redriveOutbox } from '@modex/domain';
import { createLogger, failStart, loadConfig, StartError } from '@modex/platform';
import { WorkerConfig } from '../config/worker-config.js';
import { NOTIFICATION_HANDLER } from '../notifications/notification-planner.js';
import {
  createRabbitConnection,
  type RabbitSettings,
} from '../outbox/transports/rabbit-connection.js';
import { redriveDeadLetters } from '../outbox/transports/redrive-dead-letters.js';

/** The handlers whose dead letters are redriven unless the command line names others. */
const HANDLERS = [NOTIFICATION_HANDLER];

async function redrive(): Promise<void> {
  const config = loadConfig(WorkerConfig, process.env);
  const url = config.directDatabaseUrl;
  const count = await onDirectDatabase({ url, poolSize: 1, needsMigrations: true }, redriveOutbox);
  process.stdout.write(`${count} dead-lettered events of the outbox are redriven\n`);
  if (!config.rabbit) return;
  const [, , ...named] = process.argv;
  for (const handler of named.length > 0 ? named : HANDLERS) {
    const moved = await moveDeadLetters(config.rabbit, handler);
    process.stdout.write(`${moved} dead letters of ${handler} are redriven\n`);
  }
}

async function moveDeadLetters({ url, prefix }: RabbitSettings, handler: string): Promise<number> {
  const connection = createRabbitConnection(url, createLogger('redrive', 'silent'));
  try {
    return await redriveDeadLetters(connection, prefix, handler);
  } catch (error) {
    if (connection.ready) throw error;
    throw new StartError(`RabbitMQ cannot be used: ${(error as Error).message}`);
  } finally {
    await connection.close();
  }
}

redrive().catch((error: unknown) => failStart(error, [DatabaseNotReadyError]));
