import type { Caller } from '@modex/domain';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Whoever waits for the answer; has gone when their connection is closed. */
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
