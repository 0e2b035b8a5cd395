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

/** Every event of a socket, by direction. The payloads are documented as OpenAPI schemas. */
export interface ServerToClientEvents {
  showsUpdated: (update: ShowsUpdated) => void;
  bookingUpdated: (booking: BookingView) => void;
}

export interface ClientToServerEvents {
  /** `{ ids }`, and a function that takes a `WatchAnswer`; but a client may send anything. */
  watchShows: (...said: unknown[]) => void;
}

export type WatchAnswer = { ok: true } | { ok: false; code: string; detail: string };
