import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsEmailAddress, IsText } from '../../http/fields.js';

const EMAIL = { type: String, format: 'email', maxLength: 254, example: 'ada@example.com' };

export class Login {
  @ApiProperty(EMAIL)
  @IsEmailAddress()
  email: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password: string;
}

export class Register {
  @ApiProperty(EMAIL)
  @IsEmailAddress()
  email: string;

  @ApiProperty({ type: String, minLength: 10, maxLength: 200 })
  @IsString()
  @MinLength(10)
  @MaxLength(200)
  password: string;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 100 })
  @IsOptional()
  @IsText(1, 100)
  name?: string;
}
