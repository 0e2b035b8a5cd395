import type { Caller } from '@modex/domain';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The client of the request; aborted when its connection is closed. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => {
    const { socket } = context.switchToHttp().getRequest<FastifyRequest>();
    return {
      get aborted() {
        return socket.destroyed;
      },
    };
  },
);
