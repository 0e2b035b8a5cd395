import { ReadReplicas } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

/** Metrics of the read replicas. */
@Injectable()
export class ReplicaMetrics {
  constructor(replicas: ReadReplicas, registry: Registry) {
    const lag = new Gauge({
      name: 'modex_replica_lag_seconds',
      help: 'Upper bound of the lag of a read replica; +Inf when it is unknown.',
      labelNames: ['replica'],
      registers: [],
      collect() {
        for (const { name, lagMs } of replicas.states()) this.set({ replica: name }, lagMs / 1_000);
      },
    });
    const inUse = new Gauge({
      name: 'modex_replica_in_use',
      help: 'Whether a read replica is in use (1), or unavailable or too far behind (0).',
      labelNames: ['replica'],
      registers: [],
      collect() {
        for (const { name, isUsable } of replicas.states())
          this.set({ replica: name }, isUsable ? 1 : 0);
      },
    });
    const reads = new Counter({
      name: 'modex_reads_total',
      help: 'Reads of shows and lists, by the database that answered.',
      labelNames: ['from'],
      registers: [],
      collect() {
        this.reset();
        for (const [from, count] of Object.entries(replicas.reads)) this.inc({ from }, count);
      },
    });
    registry.registerMetric(lag);
    registry.registerMetric(inUse);
    registry.registerMetric(reads);
  }
}
