import {
  encodeBookingId,
  NOTIFICATION_CHANNELS,
  NOTIFICATION_KINDS,
  NOTIFICATION_STATUSES,
  type NotificationChannel,
  type NotificationKind,
  type NotificationStatus,
  type NotificationWithUser,
} from '@modex/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import { MayBeOmitted } from '../../http/fields.js';
import { Page, PageQuery } from '../../http/page.js';

const instant = { type: String, format: 'date-time' } as const;

export class NotificationQuery extends PageQuery {
  @ApiPropertyOptional({ enum: NOTIFICATION_STATUSES, enumName: 'NotificationStatus' })
  @MayBeOmitted()
  @IsIn(NOTIFICATION_STATUSES)
  status?: NotificationStatus;

  @ApiPropertyOptional({ enum: NOTIFICATION_CHANNELS, enumName: 'NotificationChannel' })
  @MayBeOmitted()
  @IsIn(NOTIFICATION_CHANNELS)
  channel?: NotificationChannel;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @MayBeOmitted()
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @MayBeOmitted()
  @IsUUID()
  showId?: string;
}

export class NotifiedUser {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  email: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;
}

export class Notification {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ enum: NOTIFICATION_KINDS, enumName: 'NotificationKind' })
  kind: NotificationKind;

  @ApiProperty({ enum: NOTIFICATION_CHANNELS, enumName: 'NotificationChannel' })
  channel: NotificationChannel;

  @ApiProperty({ type: String, description: 'The e-mail address or phone number at that time.' })
  recipient: string;

  @ApiProperty({ type: NotifiedUser })
  user: NotifiedUser;

  @ApiProperty({ type: String, format: 'uuid' })
  showId: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null where it is about several bookings of the user.',
  })
  bookingId: string | null;

  @ApiProperty({
    enum: NOTIFICATION_STATUSES,
    enumName: 'NotificationStatus',
    description:
      'PENDING waits to be sent or sent again; SKIPPED needed no message, since another one told ' +
      'it or it is no longer true.',
  })
  status: NotificationStatus;

  @ApiProperty({ type: Number, description: 'Attempts to send it with a known outcome.' })
  attempts: number;

  @ApiProperty({ ...instant, nullable: true })
  sentAt: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of the mail, or of the SMS at its gateway.',
  })
  messageId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the last attempt failed, or why a skipped one needed no message.',
  })
  error: string | null;

  @ApiProperty(instant)
  createdAt: string;
}

export class NotificationPage {
  @ApiProperty({ type: [Notification] })
  data: Notification[];

  @ApiProperty({ type: Page })
  page: Page;
}

export function viewNotification(notification: NotificationWithUser): Notification {
  const { id, kind, channel, recipient, user, showId, bookingId, status, attempts } = notification;
  return {
    id,
    kind,
    channel,
    recipient,
    user: { id: user.id, email: user.email, name: user.name },
    showId,
    bookingId: bookingId === null ? null : encodeBookingId({ showId, bookingId }),
    status,
    attempts,
    sentAt: notification.sentAt?.toISOString() ?? null,
    messageId: notification.messageId,
    error: notification.error,
    createdAt: notification.createdAt.toISOString(),
  };
}
