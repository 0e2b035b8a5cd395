import { BookingEngine } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5,
  1, 2, 5, 10,
];

/** How the lanes of the engine are doing. */
@Injectable()
export class EngineMetrics {
  constructor(engine: BookingEngine, registry: Registry) {
    const registers = [registry];
    const wait = new Histogram({
      name: 'modex_lane_wait_seconds',
      help: 'Time from a command to the begin of its batch.',
      buckets: SECONDS,
      registers,
    });
    const duration = new Histogram({
      name: 'modex_batch_duration_seconds',
      help: 'Time of a batch, with its transaction and repetitions.',
      buckets: SECONDS,
      registers,
    });
    const size = new Histogram({
      name: 'modex_batch_commands',
      help: 'Commands that shared a batch.',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
      registers,
    });
    const depth = new Gauge({
      name: 'modex_lane_depth',
      help: 'Commands that wait in a lane.',
      labelNames: ['lane'],
      registers: [],
      collect() {
        for (const [lane, count] of engine.depths().entries()) this.set({ lane }, count);
      },
    });
    registry.registerMetric(depth);
    engine.batches.subscribe(({ waitsMs, tookMs }) => {
      for (const waitMs of waitsMs) wait.observe(waitMs / 1_000);
      duration.observe(tookMs / 1_000);
      size.observe(waitsMs.length);
    });
  }
}
