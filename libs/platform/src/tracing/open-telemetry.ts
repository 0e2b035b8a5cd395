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
const CLOSE_TIMEOUT_MS = 1_000;
/** A batch is linked to all its commands. */
const MAX_LINKS = 10_000;

/** An unsampled parent, for work that is not traced. */
const UNSAMPLED = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.NONE,
  isRemote: true,
});

/**
 * Spans at our own boundaries, sent to a collector in batches. Nothing is instrumented automatically:
 * hooks into `require` do not see ES modules, and manual spans carry more.
 */
export class OpenTelemetry implements Tracing {
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  private readonly current = new AsyncLocalStorage<Context>();

  constructor({ endpoint, headers, share }: TracingSettings, name: string, logger: Logger) {
    diag.setLogger(diagnostics(logger), DiagLogLevel.WARN);
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': name,
        'service.instance.id': randomUUID(),
      }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
      spanLimits: { linkCountLimit: MAX_LINKS },
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
    const span = trace.getSpanContext(this.current.getStore() ?? ROOT_CONTEXT);
    return span && isSampled(span) ? span.traceId : undefined;
  }

  async trace<Result>(
    name: string,
    { causes, attributes = {} }: TracedWork,
    work: (here: string | undefined) => Promise<Result>,
  ): Promise<Result> {
    const { context, links } = this.contextOf(causes);
    const span = this.tracer.startSpan(name, { attributes, links }, context);
    try {
      return await this.current.run(trace.setSpan(context, span), () => work(traceParentOf(span)));
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', typeOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  begin(name: string, traceParent: string | undefined, attributes: TraceAttributes): TracedRequest {
    const { context } = this.contextOf([traceParent ?? '']);
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, context);
    const current = trace.setSpan(context, span);
    return {
      traceId: isSampled(span.spanContext()) ? span.spanContext().traceId : undefined,
      run: (work) => this.current.run(current, work),
      end: (more, hasFailed) => {
        span.setAttributes(more);
        if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  async close(): Promise<void> {
    // A collector that does not answer must not delay the end of the process.
    const closing = this.provider.shutdown().catch(() => {
      // The exporter has logged it.
    });
    await Promise.race([closing, sleep(CLOSE_TIMEOUT_MS, null, { ref: false })]);
  }

  private contextOf(causes: readonly string[] | undefined): { context: Context; links: Link[] } {
    if (!causes) return { context: this.current.getStore() ?? ROOT_CONTEXT, links: [] };
    if (causes.length === 0) return { context: UNSAMPLED, links: [] };
    // An invalid `traceparent` is ignored, and a new trace begins.
    const contexts = causes.flatMap((cause) => parseTraceParent(cause) ?? []);
    const [first, ...others] = contexts.filter(isSpanContextValid);
    if (!first) return { context: ROOT_CONTEXT, links: [] };
    return {
      context: trace.setSpanContext(ROOT_CONTEXT, { ...first, isRemote: true }),
      links: others.map((context) => ({ context })),
    };
  }
}

function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

function traceParentOf(span: Span): string | undefined {
  const context = span.spanContext();
  return isSampled(context) ? `00-${context.traceId}-${context.spanId}-01` : undefined;
}

/** Its code if it has one: messages may contain personal data. */
function typeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : typeof error;
}

function diagnostics(logger: Logger) {
  const warn = (detail: string) => logger.warn({ detail }, 'tracing reports a problem');
  const ignore = () => {};
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
}
