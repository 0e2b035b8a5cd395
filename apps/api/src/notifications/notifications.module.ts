import { NotificationsReader } from '@modex/domain';
import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { NotificationsController } from './notifications.controller.js';
import { PreferencesController } from './preferences.controller.js';

@Module({
  controllers: [PreferencesController, NotificationsController],
  providers: [
    {
      provide: NotificationsReader,
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => new NotificationsReader(dataSource),
    },
  ],
})
export class NotificationsModule {}
