import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface SmsRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  fields: Record<string, string>;
}

/** Twilio's answers, as its documentation has them. */
export const TWILIO = {
  accepted: { status: 201, body: { sid: 'SM0123456789abcdef0123456789abcdef', status: 'queued' } },
  invalidNumber: {
    status: 400,
    body: {
      code: 21211,
      message: "The 'To' number +15005550001 is not a valid phone number.",
      more_info: 'https://www.twilio.com/docs/errors/21211',
      status: 400,
    },
  },
  tooMany: { status: 429, body: { code: 20429, message: 'Too Many Requests', status: 429 } },
  wrongToken: { status: 401, body: { code: 20003, message: 'Authenticate', status: 401 } },
  down: { status: 503, body: {} },
};

/** An HTTP server that answers as the gateway does. */
export class SmsServer {
  readonly requests: SmsRequest[] = [];
  answer: { status: number; body: object } = TWILIO.accepted;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SmsServer> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        smsServer.requests.push({
          method: request.method!,
          path: request.url!,
          headers: request.headers,
          fields: Object.fromEntries(new URLSearchParams(body)),
        });
        const { answer } = smsServer;
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer.body));
      });
    });
    const smsServer = new SmsServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return smsServer;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }
}
