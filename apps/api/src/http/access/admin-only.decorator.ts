import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const IS_ADMIN_ONLY = 'isAdminOnly';

/** For organisers. */
export const AdminOnly = (): CustomDecorator => SetMetadata(IS_ADMIN_ONLY, true);
