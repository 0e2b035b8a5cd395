import { Module } from '@nestjs/common';
import { LiveMetrics } from './live-metrics.js';
import { LiveGateway } from './live.gateway.js';

@Module({ providers: [LiveGateway, LiveMetrics] })
export class RealtimeModule {}
