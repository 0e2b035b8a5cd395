import type { Claim, NotificationChannel } from '@modex/domain';
import type { News } from './news.js';

/** A way to reach people. */
export interface Channel {
  readonly name: NotificationChannel;
  /** Most messages that it sends at once. */
  readonly atOnce: number;
  /** Where it reaches somebody; null if they do not want it, or it is not for such news. */
  recipientOf(news: News): string | null;
  /**
   * Sends a message.
   * @returns what its server calls it, or null
   * @throws SendFailure
   */
  send(news: News, recipient: string, claim: Claim): Promise<string | null>;
  close(): void;
}

/** The channels of this installation. */
export const CHANNELS = Symbol('CHANNELS');
