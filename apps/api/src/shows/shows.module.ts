import { Module } from '@nestjs/common';
import { CachedShows } from './cache/cached-shows.js';
import { CachedShowResponses } from './cached-show-responses.js';
import { ReplicaMetrics } from './replica-metrics.js';
import { ShowSearch } from './show-search.js';
import { ShowLists } from './show-lists.js';
import { ShowsController } from './shows.controller.js';

@Module({
  controllers: [ShowsController],
  providers: [CachedShows, CachedShowResponses, ReplicaMetrics, ShowLists, ShowSearch],
})
export class ShowsModule {}
