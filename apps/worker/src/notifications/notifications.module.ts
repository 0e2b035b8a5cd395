import {
  BookingAudience,
  NotificationHistory,
  NotificationPlans,
  NotificationQueue,
} from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Module, type Provider } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { WorkerConfig } from '../config/worker-config.js';
import { CHANNELS, type Channel } from './channel.js';
import { NotificationSender } from './notification-sender.js';
import { Links } from './links.js';
import { FileTransport } from './mail/file-transport.js';
import { MailChannel } from './mail/mail-channel.js';
import { SmtpTransport } from './mail/smtp-transport.js';
import { NotificationPlanner } from './notification-planner.js';
import { NotificationMetrics } from './notification-metrics.js';
import { FileGateway } from './sms/file-gateway.js';
import { PrivateFolder } from './private-folder.js';
import { SmsChannel } from './sms/sms-channel.js';
import { TwilioGateway } from './sms/twilio-gateway.js';

/** Tells people of what happened to their bookings. The planner is for whoever relays the events. */
@Module({
  providers: [
    NotificationPlanner,
    NotificationSender,
    NotificationMetrics,
    Links,
    ...[BookingAudience, NotificationPlans, NotificationQueue, NotificationHistory].map(
      onDataSource,
    ),
    { provide: CHANNELS, inject: [WorkerConfig, Links, LOGGER], useFactory: createChannels },
  ],
  exports: [NotificationPlanner],
})
export class NotificationsModule {}

function onDataSource(Service: new (dataSource: DataSource) => object): Provider {
  return {
    provide: Service,
    inject: [getDataSourceToken()],
    useFactory: (dataSource: DataSource) => new Service(dataSource),
  };
}

export function createChannels(config: WorkerConfig, links: Links, logger: Logger): Channel[] {
  const { SMTP_URL, MAIL_DIR, SMS_URL, SMS_FROM } = config;
  const folder = MAIL_DIR === undefined ? null : new PrivateFolder(MAIL_DIR);
  const transport =
    SMTP_URL !== undefined
      ? new SmtpTransport(SMTP_URL)
      : folder && new FileTransport(folder, logger);
  if (!transport) logger.info('no e-mail is sent: neither SMTP_URL nor MAIL_DIR is set');
  const gateway =
    SMS_URL !== undefined
      ? new TwilioGateway(SMS_URL, SMS_FROM!)
      : folder && new FileGateway(folder, logger);
  if (!gateway) logger.info('no SMS is sent: neither SMS_URL nor MAIL_DIR is set');
  return [
    ...(transport ? [new MailChannel(transport, config.sender, links)] : []),
    ...(gateway ? [new SmsChannel(gateway, links)] : []),
  ];
}
