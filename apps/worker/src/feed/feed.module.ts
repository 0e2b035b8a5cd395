import { MissedAnnouncements, ShowsReader } from '@modex/domain';
import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { FeedService } from './feed.service.js';
import { HealingService } from './healing.service.js';

@Module({
  providers: [
    FeedService,
    HealingService,
    {
      provide: MissedAnnouncements,
      inject: [getDataSourceToken(), ShowsReader],
      useFactory: (dataSource: DataSource, shows: ShowsReader) =>
        new MissedAnnouncements(dataSource, shows),
    },
  ],
})
export class FeedModule {}
