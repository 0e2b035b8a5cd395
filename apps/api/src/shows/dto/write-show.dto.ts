import { SHOW_KINDS, type ShowFields, type ShowKind } from '@modex/domain';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsTimeZone, Max, Min } from 'class-validator';
import { IsInstant, IsLine, IsLines, MayBeOmitted } from '../../http/fields.js';

const text = (maxLength: number) => ({ type: String, nullable: true, maxLength }) as const;
const instant = (description: string) =>
  ({ type: String, format: 'date-time', nullable: true, description }) as const;
const FOLLOWS = 'An edit that moves `startsAt` and does not name it moves it by the same amount.';

export class CreateShow {
  @ApiProperty({ type: String, minLength: 1, maxLength: 200 })
  @IsLine(1, 200)
  title: string;

  @ApiPropertyOptional({ type: String, maxLength: 5_000, default: '' })
  @MayBeOmitted()
  @IsLines(0, 5_000)
  description?: string;

  @ApiProperty({ enum: SHOW_KINDS, enumName: 'ShowKind' })
  @IsIn(SHOW_KINDS)
  kind: ShowKind;

  @ApiPropertyOptional(text(200))
  @IsOptional()
  @IsLine(1, 200)
  venue?: string | null;

  @ApiPropertyOptional(text(200))
  @IsOptional()
  @IsLine(1, 200)
  origin?: string | null;

  @ApiPropertyOptional(text(200))
  @IsOptional()
  @IsLine(1, 200)
  destination?: string | null;

  @ApiPropertyOptional(text(200))
  @IsOptional()
  @IsLine(1, 200)
  practitioner?: string | null;

  @ApiPropertyOptional(text(100))
  @IsOptional()
  @IsLine(1, 100)
  region?: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  @IsInstant()
  startsAt: string;

  @ApiPropertyOptional(instant(`After \`startsAt\`, by at most 31 days. ${FOLLOWS}`))
  @IsOptional()
  @IsInstant()
  endsAt?: string | null;

  @ApiPropertyOptional(instant('Before selling closes. Null: open from the beginning.'))
  @IsOptional()
  @IsInstant()
  bookingOpensAt?: string | null;

  @ApiPropertyOptional(
    instant(`At most \`endsAt\`, without one \`startsAt\`. Null: at the start. ${FOLLOWS}`),
  )
  @IsOptional()
  @IsInstant()
  bookingClosesAt?: string | null;

  @ApiPropertyOptional(instant(`At most \`startsAt\`. Null: until the start. ${FOLLOWS}`))
  @IsOptional()
  @IsInstant()
  cancelUntil?: string | null;

  @ApiProperty({ type: String, description: 'IANA name.', example: 'Asia/Kolkata' })
  @IsTimeZone()
  timeZone: string;

  @ApiProperty({ type: Number, minimum: 1, maximum: 1_000_000 })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  totalSlots: number;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 1_000_000, nullable: true })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxSlotsPerUser?: number | null;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 86_400, nullable: true })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(86_400)
  holdSeconds?: number | null;
}

export class UpdateShow extends PartialType(CreateShow, { skipNullProperties: false }) {}

/** A new show's fields, with everything left out at its default. */
export function newShowFields(body: CreateShow): ShowFields {
  return {
    description: '',
    venue: null,
    origin: null,
    destination: null,
    practitioner: null,
    region: null,
    endsAt: null,
    bookingOpensAt: null,
    bookingClosesAt: null,
    cancelUntil: null,
    maxSlotsPerUser: null,
    holdSeconds: null,
    ...(changedShowFields(body) as Pick<
      ShowFields,
      'title' | 'kind' | 'startsAt' | 'timeZone' | 'totalSlots'
    >),
  };
}

const TIMES = ['startsAt', 'endsAt', 'bookingOpensAt', 'bookingClosesAt', 'cancelUntil'] as const;

/** Only what the body names; null clears an optional field. */
export function changedShowFields(body: CreateShow | UpdateShow): Partial<ShowFields> {
  const { startsAt, endsAt, bookingOpensAt, bookingClosesAt, cancelUntil, ...others } = body;
  const texts = { startsAt, endsAt, bookingOpensAt, bookingClosesAt, cancelUntil };
  const times = TIMES.map((name) => [name, toDate(texts[name])] as const);
  const given = [...Object.entries(others), ...times].filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<ShowFields>;
}

function toDate(text: string | null | undefined): Date | null | undefined {
  return typeof text === 'string' ? new Date(text) : text;
}
