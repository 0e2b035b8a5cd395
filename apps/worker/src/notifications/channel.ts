import type { Claim, NotificationChannel } from '@modex/domain';
import type { Message } from './message.js';

/** A way to reach people. */
export interface Channel {
  readonly name: NotificationChannel;
  /** Most messages that it sends at once. */
  readonly atOnce: number;
  /** Where it reaches somebody; null if they do not want it, or the channel does not reach them. */
  recipientOf(message: Message): string | null;
  /**
   * Sends a message.
   * @returns what its server calls it, or null
   * @throws SendFailure
   */
  send(message: Message, recipient: string, claim: Claim): Promise<string | null>;
  close(): void;
}

/** The channels of this installation. */
export const CHANNELS = Symbol('CHANNELS');
