import { RefreshTokensService } from '@modex/domain';
import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ApiConfig } from '../config/api-config.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { RefreshCookie } from './refresh-cookie.js';
import { DeviceCookie } from './sign-in/device-cookie.js';
import { SignInThrottle } from './sign-in/sign-in-throttle.js';

const SECONDS_A_DAY = 86_400;

@Module({
  controllers: [AuthController],
  providers: [
    AuthService,
    PasswordHasher,
    RefreshCookie,
    DeviceCookie,
    SignInThrottle,
    {
      provide: RefreshTokensService,
      inject: [getDataSourceToken(), ApiConfig],
      useFactory: (dataSource: DataSource, config: ApiConfig) =>
        new RefreshTokensService(dataSource, config.REFRESH_TOKEN_DAYS * SECONDS_A_DAY),
    },
  ],
})
export class AuthModule {}
