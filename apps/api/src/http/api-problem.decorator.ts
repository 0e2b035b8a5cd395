import { applyDecorators } from '@nestjs/common';
import { ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem, PROBLEM_TYPE } from './problem.js';

/** Documents an error answer of a route, with the codes it may carry. */
export function ApiProblem(status: number, ...codes: string[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiResponse({
      status,
      description: codes.join(', '),
      content: { [PROBLEM_TYPE]: { schema: { $ref: getSchemaPath(Problem) } } },
    }),
  );
}
