import type { NotificationChannel, User } from '@modex/domain';
import type { Message } from './message.js';

/** What of a user decides how they are reached. */
export type Reachable = Pick<User, 'email' | 'phone' | 'emailNotifications' | 'smsNotifications'>;

/** A way to reach people. */
export interface Channel {
  readonly name: NotificationChannel;
  /** Most messages that it sends at once. */
  readonly atOnce: number;
  /** Where it reaches somebody; null if they do not want it. */
  recipientOf(user: Reachable): string | null;
  /**
   * Sends a message.
   * @param id the notification's: the same at every attempt
   * @returns what its server calls it, or null
   * @throws SendFailure
   */
  send(message: Message, recipient: string, id: string): Promise<string | null>;
  close(): void;
}

/** The channels of this installation. */
export const CHANNELS = Symbol('CHANNELS');
