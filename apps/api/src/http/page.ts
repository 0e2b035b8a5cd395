import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

/** The query of every list. */
export class PageQuery {
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 100, default: 20 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 20;

  @ApiPropertyOptional({ type: String, description: '`page.nextCursor` of the page before.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}

export class Page {
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page.' })
  nextCursor: string | null;

  @ApiProperty({ type: Number })
  limit: number;
}

/**
 * Makes a page of the rows that a reader found.
 * @param found one more than `limit` if there are more
 */
export function cutPage<Item, View>(
  found: readonly Item[],
  limit: number,
  view: (item: Item) => View,
  cursor: (last: Item) => string,
): { data: View[]; page: Page } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = found.length > limit && last !== undefined ? cursor(last) : null;
  return { data: items.map(view), page: { nextCursor, limit } };
}
