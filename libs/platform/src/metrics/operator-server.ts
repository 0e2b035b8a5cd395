import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { HealthChecks } from '../health/health-checks.js';
import { Scrape } from './scrape.js';

/** Requests have no body, so they arrive at once. Milliseconds. */
const TIMEOUTS = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

/**
 * The operators' endpoints, on a separate port that customers cannot reach: `/metrics` (Prometheus
 * text), `/health/live` and `/health/ready`.
 */
export class OperatorServer {
  private server: Server | null = null;
  private readonly scrape: Scrape;

  constructor(
    registry: Registry,
    private readonly health: HealthChecks,
  ) {
    this.scrape = new Scrape(registry);
  }

  /** @param port 0 for any free one. Resolves to the port it listens on. */
  async listen(host: string, port: number): Promise<number> {
    const server = createServer(TIMEOUTS, (request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = null;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.url) {
      case '/metrics':
        response.setHeader('Content-Type', this.scrape.contentType);
        response.end(await this.scrape.text());
        return;
      case '/health/live':
        send(response, 200, { status: 'ok' });
        return;
      case '/health/ready': {
        const report = await this.health.ready();
        send(response, report.status === 'ok' ? 200 : 503, report);
        return;
      }
      default:
        send(response, 404, { status: 'not found' });
    }
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
