import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const IS_PUBLIC = 'isPublic';

/** For everybody. A route without it wants an access token. */
export const Public = (): CustomDecorator => SetMetadata(IS_PUBLIC, true);
