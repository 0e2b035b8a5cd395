import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsObject, IsUUID, Matches, Max, Min, ValidateNested } from 'class-validator';
import { IsEmailAddress, IsText, MayBeOmitted } from '../../http/fields.js';

export class Customer {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 100 })
  @MayBeOmitted()
  @IsText(1, 100)
  name?: string;

  @ApiPropertyOptional({ type: String, format: 'email' })
  @MayBeOmitted()
  @IsEmailAddress()
  email?: string;

  @ApiPropertyOptional({ type: String, description: 'E.164.', example: '+919876543210' })
  @MayBeOmitted()
  @Matches(/^\+[1-9]\d{6,14}$/, { message: 'phone must be in E.164 form, such as +919876543210' })
  phone?: string;
}

export class CreateBooking {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsUUID()
  showId: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 20, default: 1 })
  @MayBeOmitted()
  @IsInt()
  @Min(1)
  @Max(20)
  quantity = 1;

  @ApiPropertyOptional({ type: Customer, description: 'Whom it is for, if somebody else.' })
  @MayBeOmitted()
  @IsObject()
  @ValidateNested()
  @Type(() => Customer)
  customer?: Customer;
}

export class ReduceBooking {
  @ApiProperty({ type: Number, minimum: 1, maximum: 20, description: 'The slots to keep.' })
  @IsInt()
  @Min(1)
  @Max(20)
  quantity: number;
}
