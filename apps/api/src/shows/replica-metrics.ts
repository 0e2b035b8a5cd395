import { ReadReplicas } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

/** How the read replicas are doing, and how much they take off the primary. */
@Injectable()
export class ReplicaMetrics {
  constructor(replicas: ReadReplicas, registry: Registry) {
    const lag = new Gauge({
      name: 'modex_replica_lag_seconds',
      help: 'How far a read replica is behind the primary, at most; +Inf when that is not known.',
      labelNames: ['replica'],
      registers: [],
      collect() {
        for (const { name, lagMs } of replicas.states()) this.set({ replica: name }, lagMs / 1_000);
      },
    });
    const inUse = new Gauge({
      name: 'modex_replica_in_use',
      help: 'Whether a read replica is read from (1), or is away or too far behind (0).',
      labelNames: ['replica'],
      registers: [],
      collect() {
        for (const { name, isUsable } of replicas.states())
          this.set({ replica: name }, isUsable ? 1 : 0);
      },
    });
    const reads = new Counter({
      name: 'modex_reads_total',
      help: 'Reads of shows for people who look, by who answered them.',
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
