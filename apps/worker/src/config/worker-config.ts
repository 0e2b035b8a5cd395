import { IsHttpUrl, IsServiceUrl, ProcessConfig } from '@modex/platform';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';

/** `Name <address>` or an address. */
const SENDER = /^(?:([^<>]*?)\s*<([^<>\s@]+@[^<>\s@]+)>|([^<>\s@]+@[^<>\s@]+))$/;
/** Of mail that is written to files and goes nowhere. */
const DEFAULT_SENDER = 'Modex Booking <bookings@localhost>';

/** What a worker may do; each may run in any number of processes. */
export const WORKER_ROLES = ['expiry', 'relay', 'notifications', 'housekeeping'] as const;
export type WorkerRole = (typeof WORKER_ROLES)[number];

/** Every variable of the worker. */
export class WorkerConfig extends ProcessConfig {
  override PUBLIC_URL = 'http://127.0.0.1:3000';

  /** The operators' port on `HOST`: `/health/live`, `/health/ready` and `/metrics`. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  WORKER_PORT = 9465;

  /**
   * What this worker does, separated by commas; several workers may share a role. Without `AMQP_URL`
   * `relay` and `notifications` belong together.
   *
   * @default all
   * @allowed `expiry`, `relay`, `notifications`, `housekeeping`
   */
  @Matches(new RegExp(`^ *(${WORKER_ROLES.join('|')}) *(, *(${WORKER_ROLES.join('|')}) *)*$`), {
    message: `WORKER_ROLES must be some of ${WORKER_ROLES.join(', ')}, with commas between`,
  })
  @ValidateBy({
    name: 'needsBroker',
    validator: {
      validate: (_, validation) => !(validation!.object as WorkerConfig).lacksBroker,
      defaultMessage: () =>
        'WORKER_ROLES must have relay and notifications together, or AMQP_URL be set: without a ' +
        'broker the relay calls the handlers of its own process',
    },
  })
  WORKER_ROLES: string = WORKER_ROLES.join(',');

  /** RabbitMQ between the relay and the handlers; without it the relay calls the handlers itself. */
  @IsOptional()
  @IsServiceUrl(['amqp', 'amqps'])
  AMQP_URL?: string;

  /**
   * The prefix of every exchange and queue; installations that share a broker need different ones.
   *
   * @allowed letters, digits, `:` `.` `-` `_`
   */
  @Matches(/^[\w:.-]{1,64}$/, { message: 'AMQP_PREFIX must be letters, digits, ":", "." or "-"' })
  AMQP_PREFIX = 'modex';

  /** The mail server with user and password: `smtp://` (STARTTLS where offered) or `smtps://`. */
  @IsOptional()
  @IsServiceUrl(['smtp', 'smtps'])
  SMTP_URL?: string;

  /** The folder that mail and SMS are written to without a mail server or gateway; `npm start` sets it. */
  @IsOptional()
  @IsNotEmpty()
  MAIL_DIR?: string;

  /**
   * The sender of mail, required with `SMTP_URL`: an address, or a name and `<address>`.
   *
   * @default `Modex Booking <bookings@localhost>`
   */
  @ValidateIf(({ SMTP_URL }: WorkerConfig) => SMTP_URL !== undefined)
  @Matches(SENDER, { message: 'MAIL_FROM must be such as "Box office <tickets@example.com>"' })
  MAIL_FROM?: string;

  /** An SMS gateway with Twilio's HTTP interface: `https://<account>:<token>@api.twilio.com`. */
  @IsOptional()
  @IsHttpUrl()
  SMS_URL?: string;

  /**
   * The sender of SMS, required with `SMS_URL`.
   *
   * @allowed a number in E.164 form, or a name of at most 11 characters
   */
  @ValidateIf(({ SMS_URL }: WorkerConfig) => SMS_URL !== undefined)
  @Matches(/^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$/, {
    message: 'SMS_FROM must be a number such as +15005550006, or a name of at most 11 characters',
  })
  SMS_FROM?: string;

  /** Whether people are also notified of holds, which they have just made themselves. */
  @IsIn(['on', 'off'])
  NOTIFY_HOLDS = 'off';

  /** Most messages to one address or phone in an hour; further ones wait. 0: any number. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  NOTIFICATIONS_PER_RECIPIENT_PER_HOUR = 10;

  /** Most messages to one account in an hour, over all channels; further ones wait. 0: any number. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  NOTIFICATIONS_PER_ACCOUNT_PER_HOUR = 20;

  /** After a message, further changes of the same booking or show wait so long and become one. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(3_600)
  NOTIFICATION_COALESCING_SECONDS = 60;

  /** Booking changes within a second from which on the relay is throttled, for up to a minute. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  RELAY_THROTTLE_FROM = 500;

  hasRole(role: WorkerRole): boolean {
    return this.WORKER_ROLES.split(',').some((each) => each.trim() === role);
  }

  get rabbit(): { url: string; prefix: string } | undefined {
    return this.AMQP_URL === undefined
      ? undefined
      : { url: this.AMQP_URL, prefix: this.AMQP_PREFIX };
  }

  /** One of the two halves of the way from the outbox to people is elsewhere. */
  private get lacksBroker(): boolean {
    return this.AMQP_URL === undefined && this.hasRole('relay') !== this.hasRole('notifications');
  }

  /** Whom mail comes from. */
  get sender(): { name: string; address: string } {
    const [, name = '', quoted, bare] = SENDER.exec(this.MAIL_FROM ?? DEFAULT_SENDER)!;
    return { name: name.replace(/^"|"$/g, ''), address: (quoted ?? bare)! };
  }
}
