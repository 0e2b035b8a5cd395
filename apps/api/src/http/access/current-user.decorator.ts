import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '@modex/domain';

/** The account of the request's access token. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor =>
    context.switchToHttp().getRequest<{ user: Actor }>().user,
);
