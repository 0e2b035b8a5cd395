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

/** The payload of the socket event `showsUpdated`: one of its members is there. */
export class ShowsUpdated {
  @ApiPropertyOptional({ type: [ShowCounters], description: 'Counters that changed.' })
  shows?: Counters[];

  @ApiPropertyOptional({ type: [String], description: 'Shows that were edited: read them again.' })
  changed?: string[];

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
      'Connect again at a random moment of this time, in milliseconds, and read again. Whoever has not gone by then is disconnected.',
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
 * Every request takes an object and a function that gets the `Acknowledgement`; but a client may
 * send anything.
 */
export interface ClientToServerEvents {
  /** `{ ids }`: at most 200 show ids, or "all". */
  watchShows: (...said: unknown[]) => void;
  /**
   * `{ token }`: a newer access token, of the same user or of another one. Refused, it leaves the
   * socket as it was. A socket whose token has ended hears no more `bookingUpdated`.
   */
  authenticate: (...said: unknown[]) => void;
}

export type Acknowledgement = { ok: true } | { ok: false; code: string; detail: string };

/** What a handshake may bring as `auth`. A refused one ends in a connection error with the code. */
export interface HandshakeAuth {
  /** An access token. Without one this is a visitor's socket. */
  token?: string;
  /** What `watchShows` would ask for, from the first moment on. Default: "all". */
  watch?: string[] | 'all';
}
