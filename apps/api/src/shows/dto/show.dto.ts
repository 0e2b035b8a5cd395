import {
  AVAILABILITIES,
  SHOW_KINDS,
  SHOW_STATUSES,
  type Availability,
  type ShowKind,
  type ShowStatus,
  type ShowView,
} from '@modex/domain';
import { ApiProperty } from '@nestjs/swagger';
import { Page } from '../../http/page.js';

const instant = (description?: string) =>
  ({ type: String, format: 'date-time', ...(description && { description }) }) as const;
const nullable = { nullable: true } as const;

/** The documented shape of the domain's `ShowView`. */
export class Show implements ShowView {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ enum: SHOW_KINDS, enumName: 'ShowKind' })
  kind: ShowKind;

  @ApiProperty({ type: String, ...nullable })
  venue: string | null;

  @ApiProperty({ type: String, ...nullable, description: 'Where a bus departs.' })
  origin: string | null;

  @ApiProperty({ type: String, ...nullable, description: 'Where a bus goes.' })
  destination: string | null;

  @ApiProperty({ type: String, ...nullable, description: 'Whose surgery it is.' })
  practitioner: string | null;

  @ApiProperty({ type: String, ...nullable })
  region: string | null;

  @ApiProperty(instant())
  startsAt: string;

  @ApiProperty({ ...instant('At most 31 days after `startsAt`.'), ...nullable })
  endsAt: string | null;

  @ApiProperty({ type: String, description: 'IANA name.', example: 'Asia/Kolkata' })
  timeZone: string;

  @ApiProperty({ ...instant('Null: open from the beginning.'), ...nullable })
  bookingOpensAt: string | null;

  @ApiProperty({ ...instant('Null: selling closes at the start. At most `endsAt`.'), ...nullable })
  bookingClosesAt: string | null;

  @ApiProperty({ type: Number, description: 'Until selling opens; 0 when it has.' })
  secondsToOpen: number;

  @ApiProperty({ ...instant('Null: until the start. At most `startsAt`.'), ...nullable })
  cancelUntil: string | null;

  @ApiProperty({ type: Number })
  totalSlots: number;

  @ApiProperty({ type: Number })
  availableSlots: number;

  @ApiProperty({ type: Number, description: 'Held by somebody who has not confirmed yet.' })
  heldSlots: number;

  @ApiProperty({
    ...instant('When no slot is free but some are held: when the first may come back.'),
    ...nullable,
  })
  nextReleaseAt: string | null;

  @ApiProperty({ type: Number, ...nullable, description: 'Null: no limit.' })
  maxSlotsPerUser: number | null;

  @ApiProperty({ type: Number, ...nullable, description: "Null: the installation's." })
  holdSeconds: number | null;

  @ApiProperty({ enum: SHOW_STATUSES, enumName: 'ShowStatus' })
  status: ShowStatus;

  @ApiProperty({ enum: AVAILABILITIES, enumName: 'Availability' })
  availability: Availability;

  @ApiProperty({ type: Number, description: 'Rises with every change; keep the highest.' })
  version: number;

  @ApiProperty(instant())
  createdAt: string;

  @ApiProperty(instant())
  updatedAt: string;
}

export class ShowPage {
  @ApiProperty({ type: [Show] })
  data: Show[];

  @ApiProperty({ type: Page })
  page: Page;
}
