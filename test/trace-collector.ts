import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, unknown>;
}

type Value = Record<string, unknown>;

interface ExportRequest {
  resourceSpans: {
    resource: { attributes: { key: string; value: Value }[] };
    scopeSpans: {
      spans: (Omit<CollectedSpan, 'service' | 'links' | 'attributes'> & {
        attributes: { key: string; value: Value }[];
        links?: CollectedSpan['links'];
      })[];
    }[];
  }[];
}

/** Takes traces as a collector does: OTLP over HTTP, in JSON. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const collector = new TraceCollector(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const isForMe = request.method === 'POST' && request.url === '/v1/traces';
        if (isForMe) collector.take(JSON.parse(Buffer.concat(chunks).toString()) as ExportRequest);
        response.writeHead(isForMe ? 200 : 404, { 'Content-Type': 'application/json' }).end('{}');
      });
    });
    return collector;
  }

  /** The spans of a trace, by their names. */
  trace(traceId: string): Map<string, CollectedSpan> {
    const spans = this.spans.filter((span) => span.traceId === traceId);
    return new Map(spans.map((span) => [span.name, span]));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take({ resourceSpans }: ExportRequest): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(read(resource.attributes)['service.name']);
      for (const { attributes, links, ...span } of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push({ ...span, service, links: links ?? [], attributes: read(attributes) });
      }
    }
  }
}

function read(attributes: { key: string; value: Value }[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
