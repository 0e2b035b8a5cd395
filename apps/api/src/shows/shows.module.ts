import { Module } from '@nestjs/common';
import { CachedShows } from './cache/cached-shows.js';
import { PreparedShows } from './prepared-shows.js';
import { ReplicaMetrics } from './replica-metrics.js';
import { ShowSearch } from './show-search.js';
import { ShowLists } from './show-lists.js';
import { ShowsController } from './shows.controller.js';

@Module({
  controllers: [ShowsController],
  providers: [CachedShows, PreparedShows, ReplicaMetrics, ShowLists, ShowSearch],
})
export class ShowsModule {}
