import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  diag,
  DiagLogLevel,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { parseKeyPairsIntoRecord, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  TracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../logging/logger.js';
import type { TracingSettings } from './start-tracing.js';
import type { TraceAttributes, TracedRequest, TracedWork, Tracing } from './tracing.js';

const SEND_EVERY_MS = 1_000;
const CLOSE_PATIENCE_MS = 1_000;
/** A batch is linked to all its commands. */
const MOST_LINKS = 10_000;

/** The parent of what nobody follows. */
const NOT_FOLLOWED = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.NONE,
  isRemote: true,
});

/**
 * Spans at our own borders, sent to a collector in batches. Nothing is patched: hooks into `require`
 * would not see ES modules, and what they would tell of is less than what we know.
 */
export class OpenTelemetry implements Tracing {
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  private readonly atHand = new AsyncLocalStorage<Context>();

  constructor({ endpoint, headers, share }: TracingSettings, name: string, logger: Logger) {
    diag.setLogger(complaints(logger), DiagLogLevel.WARN);
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': name,
        'service.instance.id': randomUUID(),
      }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
      spanLimits: { linkCountLimit: MOST_LINKS },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new OTLPTraceExporter({
            url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
            headers: parseKeyPairsIntoRecord(headers),
          }),
          scheduledDelayMillis: SEND_EVERY_MS,
        }),
      ],
    });
    this.tracer = this.provider.getTracer('modex');
  }

  get traceId(): string | undefined {
    const span = trace.getSpanContext(this.atHand.getStore() ?? ROOT_CONTEXT);
    return span && isFollowed(span) ? span.traceId : undefined;
  }

  async trace<Result>(
    name: string,
    { causes, attributes = {} }: TracedWork,
    work: (here: string | undefined) => Promise<Result>,
  ): Promise<Result> {
    const { context, links } = this.comeFrom(causes);
    const span = this.tracer.startSpan(name, { attributes, links }, context);
    try {
      return await this.atHand.run(trace.setSpan(context, span), () => work(placeOf(span)));
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', typeOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  begin(name: string, traceParent: string | undefined, attributes: TraceAttributes): TracedRequest {
    const { context } = this.comeFrom([traceParent ?? '']);
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, context);
    const inside = trace.setSpan(context, span);
    return {
      traceId: isFollowed(span.spanContext()) ? span.spanContext().traceId : undefined,
      run: (work) => this.atHand.run(inside, work),
      end: (more, hasFailed) => {
        span.setAttributes(more);
        if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  async close(): Promise<void> {
    // A collector that does not answer keeps no process from its end.
    const closing = this.provider.shutdown().catch(() => {
      // What could not be sent was complained of.
    });
    await Promise.race([closing, sleep(CLOSE_PATIENCE_MS, null, { ref: false })]);
  }

  private comeFrom(causes: readonly string[] | undefined): { context: Context; links: Link[] } {
    if (!causes) return { context: this.atHand.getStore() ?? ROOT_CONTEXT, links: [] };
    if (causes.length === 0) return { context: NOT_FOLLOWED, links: [] };
    // What is no `traceparent` names no place, and a new trace begins.
    const places = causes.flatMap((cause) => parseTraceParent(cause) ?? []);
    const [first, ...others] = places.filter(isSpanContextValid);
    if (!first) return { context: ROOT_CONTEXT, links: [] };
    return {
      context: trace.setSpanContext(ROOT_CONTEXT, { ...first, isRemote: true }),
      links: others.map((context) => ({ context })),
    };
  }
}

function isFollowed({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

function placeOf(span: Span): string | undefined {
  const place = span.spanContext();
  return isFollowed(place) ? `00-${place.traceId}-${place.spanId}-01` : undefined;
}

/** A code where there is one: messages may name people. */
function typeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : typeof error;
}

function complaints(logger: Logger) {
  const complain = (detail: string) => logger.warn({ detail }, 'tracing complains');
  const ignore = () => {};
  return { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore };
}
