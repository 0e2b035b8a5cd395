import { applyDecorators } from '@nestjs/common';
import { ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem, PROBLEM_TYPE } from './problem.js';

const RETRY_AFTER = { description: 'Seconds.', schema: { type: 'integer' as const } };

/** Documents an error response of a route, with its possible codes. */
export function ApiProblem(status: number, ...codes: string[]): MethodDecorator & ClassDecorator {
  return applyDecorators(ApiResponse({ status, ...problemResponse(status, codes) }));
}

/** The OpenAPI description of an error response. */
export function problemResponse(status: number, codes: readonly string[]) {
  return {
    description: codes.join(', '),
    ...((status === 429 || status === 503) && { headers: { 'Retry-After': RETRY_AFTER } }),
    content: { [PROBLEM_TYPE]: { schema: { $ref: getSchemaPath(Problem) } } },
  };
}
