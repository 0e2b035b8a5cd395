import {
  LOCALES,
  type Locale,
  type Preferences as UserPreferences,
  type User,
} from '@modex/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, Matches, ValidateIf } from 'class-validator';
import { MayBeOmitted } from '../../http/fields.js';

const PHONE = { type: String, nullable: true, description: 'E.164.', example: '+919876543210' };

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
  @Matches(/^\+[1-9]\d{6,14}$/, { message: 'phone must be in E.164 form, such as +919876543210' })
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

/** Only what was asked for: an absent field stays as it is. */
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
