import { randomBytes } from 'node:crypto';
import { findRabbit } from '../scripts/cluster/find-programs.mjs';
import { Place } from '../scripts/cluster/place.mjs';
import type { Program } from '../scripts/cluster/program.mjs';
import { rabbitPrograms, type RabbitPrograms } from '../scripts/cluster/rabbitmq.mjs';
import { lastingPort } from '../scripts/launcher/ports.mjs';

export const RABBITMQ_MISSING = 'there is neither AMQP_URL nor a rabbitmq-server with its epmd';

/**
 * How long after its queues were made a RabbitMQ is to be killed at the earliest. 3.10 writes the
 * process of a quorum queue down some half a second after it has told that the queue is there: killed
 * before that it never has the queue again, and says nothing to who sends to it. Milliseconds.
 */
export const QUEUES_ARE_WRITTEN_MS = 2_000;

/** Where to find the programs, or null. */
export function findRabbitServer(): RabbitPrograms | null {
  const { rabbitmq, epmd } = findRabbit(process.env);
  return rabbitmq && epmd ? { rabbitmq, epmd } : null;
}

/** A broker for a suite: the one that AMQP_URL names or one of its own; null where there is none. */
export function findBroker(): (() => Promise<Broker>) | null {
  const url = process.env['AMQP_URL'];
  if (url) return () => Promise.resolve({ url, destroy: () => Promise.resolve() });
  const programs = findRabbitServer();
  return programs === null ? null : () => RabbitServer.start(programs);
}

export interface Broker {
  readonly url: string;
  destroy(): Promise<void>;
}

/** A name that no other suite on a broker has. */
export function newPrefix(): string {
  return `test-${randomBytes(4).toString('hex')}`;
}

/** A RabbitMQ of a test's own, which may be killed and started again with what it has stored. */
export class RabbitServer implements Broker {
  private constructor(
    readonly url: string,
    private readonly place: Place,
    private readonly names: Program,
    private readonly rabbitmq: Program,
  ) {}

  /** With settings of the server in its own environment variables. */
  static async start(
    programs: RabbitPrograms,
    settings: Record<string, string> = {},
  ): Promise<RabbitServer> {
    const place = await Place.create();
    const port = await lastingPort();
    const { names, rabbitmq } = await rabbitPrograms({ programs, place, port, settings });
    const url = `amqp://guest:guest@127.0.0.1:${port}`;
    const server = new RabbitServer(url, place, names, rabbitmq);
    try {
      await names.start();
      await server.start();
    } catch (error) {
      await server.destroy();
      throw error;
    }
    return server;
  }

  start(): Promise<void> {
    return this.rabbitmq.start();
  }

  /** With -9, as if the power were cut. */
  kill(): Promise<void> {
    return this.rabbitmq.kill();
  }

  async destroy(): Promise<void> {
    await this.kill();
    await this.names.kill();
    this.place.remove();
  }
}
