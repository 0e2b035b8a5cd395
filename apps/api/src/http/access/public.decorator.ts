import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteSettings } from '../route-settings.decorator.js';

export const IS_PUBLIC = 'isPublic';

/** A route that needs no access token. */
export const Public = (): MethodDecorator =>
  applyDecorators(SetMetadata(IS_PUBLIC, true), RouteSettings({ isPublic: true }));
