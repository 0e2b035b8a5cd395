import {
  LOCALES,
  type Locale,
  type Preferences as UserPreferences,
  type User,
} from '@modex/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, ValidateIf } from 'class-validator';
import { MayBeOmitted } from '../../http/fields.js';
import { IsPhoneNumber, PHONE_NUMBER } from '../../http/phone-number.js';

const PHONE = { ...PHONE_NUMBER, nullable: true };

export class Preferences {
  @ApiProperty({ enum: LOCALES, enumName: 'Locale', description: 'The language of messages.' })
  locale: Locale;

  @ApiProperty(PHONE)
  phone: string | null;

  @ApiProperty({ type: Boolean, description: 'Whether messages come by e-mail.' })
  email: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether messages come by SMS; needs a phone.' })
  sms: boolean;
}

export class ChangePreferences {
  @ApiPropertyOptional({ enum: LOCALES, enumName: 'Locale' })
  @MayBeOmitted()
  @IsIn(LOCALES)
  locale?: Locale;

  @ApiPropertyOptional(PHONE)
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsPhoneNumber()
  phone?: string | null;

  @ApiPropertyOptional({ type: Boolean })
  @MayBeOmitted()
  @IsBoolean()
  email?: boolean;

  @ApiPropertyOptional({ type: Boolean })
  @MayBeOmitted()
  @IsBoolean()
  sms?: boolean;
}

export const viewPreferences = (user: User): Preferences => ({
  locale: user.locale,
  phone: user.phone,
  email: user.emailNotifications,
  sms: user.smsNotifications,
});

/** Only the fields of the request: an absent one stays unchanged. */
export function changesOf({
  locale,
  phone,
  email,
  sms,
}: ChangePreferences): Partial<UserPreferences> {
  return {
    ...(locale !== undefined && { locale }),
    ...(phone !== undefined && { phone }),
    ...(email !== undefined && { emailNotifications: email }),
    ...(sms !== undefined && { smsNotifications: sms }),
  };
}
