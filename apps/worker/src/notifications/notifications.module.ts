import { BookingAudience, DatabaseClock, NotificationRecord } from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { WorkerConfig } from '../config/worker-config.js';
import { CHANNELS, type Channel } from './channel.js';
import { Delivery } from './delivery.js';
import { Links } from './links.js';
import { FileTransport } from './mail/file-transport.js';
import { MailChannel } from './mail/mail-channel.js';
import { SmtpTransport } from './mail/smtp-transport.js';
import { NewsDesk } from './news-desk.js';
import { NotificationHandler } from './notification-handler.js';
import { LogGateway } from './sms/log-gateway.js';
import { SmsChannel } from './sms/sms-channel.js';
import { TwilioGateway } from './sms/twilio-gateway.js';

/** Tells people of what happened to their bookings. Its handler is for whoever relays the facts. */
@Module({
  providers: [
    NotificationHandler,
    NewsDesk,
    Delivery,
    Links,
    {
      provide: BookingAudience,
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => new BookingAudience(dataSource),
    },
    {
      provide: NotificationRecord,
      inject: [getDataSourceToken(), DatabaseClock],
      useFactory: (dataSource: DataSource, clock: DatabaseClock) =>
        new NotificationRecord(dataSource, clock),
    },
    { provide: CHANNELS, inject: [WorkerConfig, Links, LOGGER], useFactory: createChannels },
  ],
  exports: [NotificationHandler],
})
export class NotificationsModule {}

export function createChannels(config: WorkerConfig, links: Links, logger: Logger): Channel[] {
  const { SMTP_URL, MAIL_DIR, SMS_URL, SMS_FROM } = config;
  const transport =
    SMTP_URL !== undefined
      ? new SmtpTransport(SMTP_URL)
      : MAIL_DIR !== undefined
        ? new FileTransport(MAIL_DIR, logger)
        : null;
  if (!transport) logger.info('no e-mail is sent: neither SMTP_URL nor MAIL_DIR is set');
  const gateway =
    SMS_URL === undefined ? new LogGateway(logger) : new TwilioGateway(SMS_URL, SMS_FROM!);
  return [
    ...(transport ? [new MailChannel(transport, config.sender, links)] : []),
    new SmsChannel(gateway, links),
  ];
}
