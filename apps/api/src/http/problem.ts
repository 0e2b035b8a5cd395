import { STATUS_CODES } from 'node:http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class ProblemField {
  @ApiProperty({ type: String, example: 'quantity' })
  path: string;

  @ApiProperty({ type: String, example: 'quantity must not be greater than 20' })
  message: string;
}

/** The body of every answer that is not a success, after RFC 9457. */
export class Problem {
  @ApiProperty({ type: String, example: 'about:blank' })
  type: string;

  @ApiProperty({ type: String, example: 'Conflict' })
  title: string;

  @ApiProperty({ type: Number, example: 409 })
  status: number;

  @ApiProperty({ type: String, description: 'For people.' })
  detail: string;

  @ApiProperty({ type: String, description: 'The path of the request.' })
  instance: string;

  @ApiProperty({ type: String, description: 'Stable, for programs.', example: 'SOLD_OUT' })
  code: string;

  @ApiProperty({ type: String, description: 'Name it when you ask for help.' })
  requestId: string;

  @ApiPropertyOptional({ type: [ProblemField], description: 'What is wrong with the input.' })
  errors?: ProblemField[];
}

export const PROBLEM_TYPE = 'application/problem+json';

export interface ProblemSource {
  status: number;
  code: string;
  detail: string;
  /** Further members, such as `availableSlots`. */
  members?: Readonly<Record<string, unknown>>;
}

export function problemBody(
  { status, code, detail, members }: ProblemSource,
  instance: string,
  requestId: string,
): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, instance, code, requestId, ...members };
}
