import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsEmailAddress, IsLine } from '../../http/fields.js';
import { IsNewPassword } from '../passwords/is-new-password.decorator.js';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../passwords/password-rules.js';

const EMAIL = { type: String, format: 'email', maxLength: 254, example: 'ada@example.com' };

/** A character may be written as several. */
const LONGEST_SPELLING = 4 * LONGEST_PASSWORD;

export class Login {
  /** Any text: an account may be older than today's rules for addresses. */
  @ApiProperty(EMAIL)
  @IsString()
  @MaxLength(254)
  email: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_SPELLING })
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_SPELLING)
  password: string;
}

export class Register {
  @ApiProperty(EMAIL)
  @IsEmailAddress()
  email: string;

  @ApiProperty({
    type: String,
    minLength: SHORTEST_PASSWORD,
    maxLength: LONGEST_PASSWORD,
    description:
      'Refused are the most common passwords, one character repeated, white space only, the own e-mail address, and words of this product alone.',
  })
  @IsNewPassword()
  password: string;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 100 })
  @IsOptional()
  @IsLine(1, 100)
  name?: string;
}
