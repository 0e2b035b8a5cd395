import { applyDecorators } from '@nestjs/common';
import { ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem, PROBLEM_TYPE } from './problem.js';

const RETRY_AFTER = { description: 'Seconds.', schema: { type: 'integer' as const } };

/** Documents an error answer of a route, with the codes it may carry. */
export function ApiProblem(status: number, ...codes: string[]): MethodDecorator & ClassDecorator {
  return applyDecorators(ApiResponse({ status, ...problemResponse(status, codes) }));
}

/** An error answer as the OpenAPI document has it. */
export function problemResponse(status: number, codes: readonly string[]) {
  return {
    description: codes.join(', '),
    ...((status === 429 || status === 503) && { headers: { 'Retry-After': RETRY_AFTER } }),
    content: { [PROBLEM_TYPE]: { schema: { $ref: getSchemaPath(Problem) } } },
  };
}
