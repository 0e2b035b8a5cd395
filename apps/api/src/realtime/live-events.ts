import {
  SHOW_STATUSES,
  type BookingView,
  type ShowCounters as Counters,
  type ShowStatus,
} from '@modex/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class ShowCounters implements Counters {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: Number })
  availableSlots: number;

  @ApiProperty({ type: Number })
  heldSlots: number;

  @ApiProperty({ type: Number })
  totalSlots: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  nextReleaseAt: string | null;

  @ApiProperty({ enum: SHOW_STATUSES, enumName: 'ShowStatus' })
  status: ShowStatus;

  @ApiProperty({ type: Number })
  version: number;
}

/** The payload of the socket event `showsUpdated`, with exactly one member. */
export class ShowsUpdated {
  @ApiPropertyOptional({ type: [ShowCounters], description: 'Counters that changed.' })
  shows?: Counters[];

  @ApiPropertyOptional({
    type: [String],
    description:
      'Shows that were edited or deleted: read them again. A socket that narrowed what it watches receives only those.',
  })
  changed?: string[];

  @ApiPropertyOptional({
    enum: [true],
    description:
      'To sockets that narrowed what they watch, at most every 5 s: some shows were made, edited or deleted, so lists may have changed.',
  })
  listsChanged?: true;

  @ApiPropertyOptional({
    enum: [true],
    description: 'Something was missed: read everything again.',
  })
  resync?: true;
}

/** The payload of the socket event `serverStopping`. */
export class ServerStopping {
  @ApiProperty({
    type: Number,
    description:
      'Reconnect at a random moment within this time, in milliseconds, and read again. Sockets still connected after it are disconnected.',
  })
  reconnectWithinMs: number;
}

/** Every event of a socket, by direction. The payloads are documented as OpenAPI schemas. */
export interface ServerToClientEvents {
  showsUpdated: (update: ShowsUpdated) => void;
  bookingUpdated: (booking: BookingView) => void;
  serverStopping: (stopping: ServerStopping) => void;
}

/**
 * A request is an object and a function that gets the `Acknowledgement`. Arguments are `unknown`,
 * since a client may send anything.
 */
export interface ClientToServerEvents {
  /**
   * `{ ids }`: at most 200 show ids, or "all". Each socket has one message and 50 ids a second, with
   * bursts of 20 and 1,000. Past that the answer is `RATE_LIMITED`, and a client that continues is
   * disconnected.
   */
  watchShows: (...args: unknown[]) => void;
  /**
   * `{ token }`: a newer access token, of the same user or of another one. A refused token changes
   * nothing. A socket whose token has expired gets no `bookingUpdated`.
   */
  authenticate: (...args: unknown[]) => void;
}

export type Acknowledgement = { ok: true } | Refusal;

/** The request changed nothing. */
export interface Refusal {
  ok: false;
  code: string;
  detail: string;
  /** Of `RATE_LIMITED`. Milliseconds. */
  retryAfterMs?: number;
}

/**
 * The `auth` of a handshake. A refused one ends in a connection error whose message is the code, and
 * whose `data` is the `Refusal`.
 */
export interface HandshakeAuth {
  /** An access token. Without one this is a visitor's socket. */
  token?: string;
  /** As `ids` of `watchShows`, from the start. Default: "all". */
  watch?: string[] | 'all';
}
