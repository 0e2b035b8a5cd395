import { SHOW_KINDS, type ShowKind } from '@modex/domain';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsInstant, IsText } from '../../http/fields.js';
import { PageQuery } from '../../http/page.js';

export class ShowQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, maxLength: 100, description: 'Words to look for.' })
  @IsOptional()
  @IsText(0, 100)
  q?: string;

  @ApiPropertyOptional({ enum: SHOW_KINDS, enumName: 'ShowKind' })
  @IsOptional()
  @IsIn(SHOW_KINDS)
  kind?: ShowKind;

  @ApiPropertyOptional({ type: String, maxLength: 100 })
  @IsOptional()
  @IsText(1, 100)
  region?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description:
      'Shows that start at this time or later. Left out: shows that are not over, those that run ' +
      'now among them.',
  })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'Shows that start before this time.',
  })
  @IsOptional()
  @IsInstant()
  to?: string;

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description: '`true`: only shows that sell now and have a free slot.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  available?: 'true' | 'false';
}
