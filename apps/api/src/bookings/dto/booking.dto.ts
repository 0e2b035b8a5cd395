import {
  BOOKING_STATUSES,
  CANCEL_REASONS,
  SHOW_KINDS,
  type BookingStatus,
  type BookingView,
  type CancelReason,
  type ShowKind,
} from '@modex/domain';
import { ApiProperty } from '@nestjs/swagger';
import { Page } from '../../http/page.js';

const instant = { type: String, format: 'date-time' } as const;

export class BookedShow {
  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ enum: SHOW_KINDS, enumName: 'ShowKind' })
  kind: ShowKind;

  @ApiProperty({ type: String, nullable: true })
  venue: string | null;

  @ApiProperty(instant)
  startsAt: string;

  @ApiProperty({ ...instant, nullable: true })
  endsAt: string | null;

  @ApiProperty({ type: String, description: 'IANA name.' })
  timeZone: string;
}

/** The documented shape of the domain's `BookingView`. */
export class Booking implements BookingView {
  @ApiProperty({ type: String, description: 'Opaque.', example: 'bkg_…' })
  id: string;

  @ApiProperty({ type: String, description: 'Short, for people.', example: '7K3M9XQ2' })
  reference: string;

  @ApiProperty({ type: Number, description: 'Rises with every change; keep the highest.' })
  version: number;

  @ApiProperty({ type: String, format: 'uuid' })
  showId: string;

  @ApiProperty({ type: BookedShow })
  show: BookedShow;

  @ApiProperty({ type: Number })
  quantity: number;

  @ApiProperty({ enum: BOOKING_STATUSES, enumName: 'BookingStatus' })
  status: BookingStatus;

  @ApiProperty({ enum: CANCEL_REASONS, enumName: 'CancelReason', nullable: true })
  cancelReason: CancelReason | null;

  @ApiProperty(instant)
  expiresAt: string;

  @ApiProperty({ type: Number, description: 'Until the hold expires; 0 unless it is PENDING.' })
  secondsToExpiry: number;

  @ApiProperty({ ...instant, nullable: true })
  confirmedAt: string | null;

  @ApiProperty({ ...instant, nullable: true })
  cancelledAt: string | null;

  @ApiProperty(instant)
  createdAt: string;
}

export class BookingPage {
  @ApiProperty({ type: [Booking] })
  data: Booking[];

  @ApiProperty({ type: Page })
  page: Page;
}

export class BookingUser {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  email: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;
}

export class BookedCustomer {
  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ type: String, nullable: true })
  email: string | null;

  @ApiProperty({ type: String, nullable: true })
  phone: string | null;
}

/** What organisers see of a booking. */
export class BookingWithUser extends Booking {
  @ApiProperty({ type: BookingUser })
  user: BookingUser;

  @ApiProperty({ type: BookedCustomer, description: 'Whom the booking is for, if somebody else.' })
  customer: BookedCustomer;
}

export class BookingWithUserPage {
  @ApiProperty({ type: [BookingWithUser] })
  data: BookingWithUser[];

  @ApiProperty({ type: Page })
  page: Page;
}
