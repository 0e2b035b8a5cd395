import { BOOKING_STATUSES, type BookingStatus } from '@modex/domain';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeOmitted } from '../../http/fields.js';
import { PageQuery } from '../../http/page.js';

export class BookingQuery extends PageQuery {
  @ApiPropertyOptional({ enum: BOOKING_STATUSES, enumName: 'BookingStatus' })
  @MayBeOmitted()
  @IsIn(BOOKING_STATUSES)
  status?: BookingStatus;
}
