import { STATUS_CODES } from 'node:http';
import type { DomainError, DomainErrorKind } from '@modex/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

export class ProblemField {
  @ApiProperty({ type: String, example: 'quantity' })
  path: string;

  @ApiProperty({ type: String, example: 'quantity must not be greater than 20' })
  message: string;
}

/** The body of every error response (RFC 9457). */
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

  @ApiPropertyOptional({ type: Number, description: 'SOLD_OUT: free, but fewer than asked for.' })
  availableSlots?: number;

  @ApiPropertyOptional({ type: Number, description: 'SOLD_OUT: may come back.' })
  heldSlots?: number;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'SOLD_OUT: when the first held slot may come back; null if none is held.',
  })
  nextReleaseAt?: string | null;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'NOT_OPEN_YET.' })
  opensAt?: string;

  @ApiPropertyOptional({ type: Number, description: 'NOT_OPEN_YET.' })
  secondsToOpen?: number;

  @ApiPropertyOptional({ type: Number, description: 'LIMIT_PER_USER.' })
  maxSlotsPerUser?: number;

  @ApiPropertyOptional({
    type: Number,
    description: 'LIMIT_PER_USER: what the person has; CAPACITY_BELOW_BOOKED: what all have.',
  })
  bookedSlots?: number;

  @ApiPropertyOptional({ type: Number, description: 'TOO_MANY_HELD: slots the account holds.' })
  held?: number;

  @ApiPropertyOptional({ type: Number, description: 'TOO_MANY_HELD: the most it may hold.' })
  limit?: number;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'REHOLD_TOO_SOON: when the account may hold slots of the show again.',
  })
  retryAt?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'CANCEL_CLOSED.' })
  cancelUntil?: string;

  @ApiPropertyOptional({ type: Number, description: "PRECONDITION_FAILED: the show's now." })
  revision?: number;

  @ApiPropertyOptional({ type: Number, description: '429, 503: seconds, as in `Retry-After`.' })
  retryAfter?: number;
}

declare module 'fastify' {
  interface FastifyReply {
    /** The `code` of a problem response; null for other responses. */
    problemCode: string | null;
  }
}

export const PROBLEM_TYPE = 'application/problem+json';

export interface ProblemSource {
  status: number;
  code: string;
  detail: string;
  /** Further members, such as `availableSlots`. */
  members?: Readonly<Record<string, unknown>>;
}

const STATUS_BY_KIND: Readonly<Record<DomainErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'key-reused': 422,
  'rate-limited': 429,
  unavailable: 503,
};

export function fromDomain({ kind, code, message, details }: DomainError): ProblemSource {
  return { status: STATUS_BY_KIND[kind], code, detail: message, members: details };
}

/** Sends a problem, unless a response was already sent. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemSource,
): void {
  if (reply.sent) return;
  reply.problemCode = problem.code;
  const { retryAfter } = problem.members ?? {};
  if (typeof retryAfter === 'number') void reply.header('Retry-After', retryAfter);
  if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  void reply
    .status(problem.status)
    .header('X-Request-Id', request.id)
    .header('Content-Type', PROBLEM_TYPE)
    .header('Cache-Control', 'no-store')
    .send(JSON.stringify(problemOf(request, problem)));
}

/** The body of a problem response. */
export function problemOf(
  { url, id }: Pick<FastifyRequest, 'url' | 'id'>,
  { status, code, detail, members }: ProblemSource,
): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  const [instance = ''] = url.split('?', 1);
  return { type: 'about:blank', title, status, detail, instance, code, requestId: id, ...members };
}
