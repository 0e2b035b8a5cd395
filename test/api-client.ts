import { randomUUID } from 'node:crypto';
import type { TestDatabase } from './test-database.js';

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

interface Show {
  id: string;
  availableSlots: number;
  heldSlots: number;
  version: number;
  [field: string]: unknown;
}

export interface Booking {
  id: string;
  status: string;
  quantity: number;
  version: number;
  secondsToExpiry: number;
  [field: string]: unknown;
}

/** One person at the API's border: plain HTTP, nothing of the server's code. */
export class ApiClient {
  userId = '';

  constructor(
    readonly url: string,
    private readonly database: TestDatabase,
    public accessToken: string | null = null,
  ) {}

  // The tests say what they expect; a wrong expectation shows as a failing assertion.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async request<Body = any>(
    method: string,
    path: string,
    options: { body?: unknown; raw?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer<Body>> {
    const hasBody = options.body !== undefined || options.raw !== undefined;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(hasBody && { 'content-type': 'application/json' }),
        ...(this.accessToken && { authorization: `Bearer ${this.accessToken}` }),
        ...options.headers,
      },
      body: options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const body = (isJson && text !== '' ? JSON.parse(text) : text) as Body;
    return { status: response.status, headers: response.headers, body };
  }

  /** Opens an account and signs in. */
  async register(email = `${randomUUID()}@example.com`): Promise<this> {
    const { status, body } = await this.request('POST', '/api/v1/auth/register', {
      body: { email, password: 'correct horse battery' },
    });
    if (status !== 201) throw new Error(`register: ${status} ${JSON.stringify(body)}`);
    this.accessToken = body.accessToken;
    this.userId = body.user.id;
    return this;
  }

  /** Opens an account that is an organiser's. */
  async registerAdmin(): Promise<this> {
    const email = `${randomUUID()}@example.com`;
    await this.register(email);
    await this.database.query(`UPDATE users SET role = 'ADMIN' WHERE email = $1`, [email]);
    const { body } = await this.request('POST', '/api/v1/auth/login', {
      body: { email, password: 'correct horse battery' },
    });
    this.accessToken = body.accessToken;
    return this;
  }

  async createShow(fields: Record<string, unknown> = {}): Promise<Show> {
    const { status, body } = await this.request<Show>('POST', '/api/v1/shows', {
      body: {
        title: 'A show',
        kind: 'EVENT',
        startsAt: new Date(Date.now() + 86_400_000).toISOString(),
        timeZone: 'Asia/Kolkata',
        totalSlots: 10,
        ...fields,
      },
    });
    if (status !== 201) throw new Error(`createShow: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  hold(showId: string, quantity = 1, key?: string): Promise<Answer<Booking>> {
    return this.request<Booking>('POST', '/api/v1/bookings', {
      body: { showId, quantity },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  }

  act(action: 'confirm' | 'cancel', bookingId: string): Promise<Answer<Booking>> {
    return this.request<Booking>('POST', `/api/v1/bookings/${bookingId}/${action}`);
  }

  async show(id: string): Promise<Show> {
    return (await this.request<Show>('GET', `/api/v1/shows/${id}`)).body;
  }
}
