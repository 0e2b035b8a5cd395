import { MissedBroadcasts, ShowsReader } from '@modex/domain';
import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AvailabilityService } from './availability.service.js';
import { ReconciliationService } from './reconciliation.service.js';

@Module({
  providers: [
    AvailabilityService,
    ReconciliationService,
    {
      provide: MissedBroadcasts,
      inject: [getDataSourceToken(), ShowsReader],
      useFactory: (dataSource: DataSource, shows: ShowsReader) =>
        new MissedBroadcasts(dataSource, shows),
    },
  ],
})
export class AvailabilityModule {}
