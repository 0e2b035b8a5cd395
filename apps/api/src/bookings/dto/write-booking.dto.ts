import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsObject, IsUUID, Max, Min, ValidateNested } from 'class-validator';
import { IsEmailAddress, IsLine, MayBeOmitted } from '../../http/fields.js';
import { IsPhoneNumber, PHONE_NUMBER } from '../../http/phone-number.js';

export class Customer {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 100 })
  @MayBeOmitted()
  @IsLine(1, 100)
  name?: string;

  @ApiPropertyOptional({ type: String, format: 'email' })
  @MayBeOmitted()
  @IsEmailAddress()
  email?: string;

  @ApiPropertyOptional(PHONE_NUMBER)
  @MayBeOmitted()
  @IsPhoneNumber()
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
