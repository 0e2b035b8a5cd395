import type { RoleTimeouts } from '../libs/domain/src/database/role-timeouts.js';
import { ApiClient } from './api-client.js';
import { audit } from './audit.js';
import { ServerProcess } from './server-process.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export const TEST_SECRET = 'a secret for tests only, and long enough';

/** A database of one's own, with as many API and worker processes as a test wants. */
export class Installation {
  private readonly processes: ServerProcess[] = [];

  private constructor(
    readonly database: TestDatabase,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * @param environment variables of every process
   * @param timeouts of the role, where a test wants to wait less
   */
  static async create(
    environment: NodeJS.ProcessEnv = {},
    timeouts: Partial<RoleTimeouts> = {},
  ): Promise<Installation> {
    return Installation.on(await createTestDatabase(timeouts), environment);
  }

  /** On a database that is there already. */
  static on(database: TestDatabase, environment: NodeJS.ProcessEnv = {}): Installation {
    return new Installation(database, {
      DATABASE_URL: database.applicationUrl,
      JWT_SECRET: TEST_SECRET,
      PORT: '0',
      METRICS_PORT: '0',
      WORKER_PORT: '0',
      RATE_LIMIT: 'off',
      // One person stands for many where that is quicker.
      MAX_HELD_SLOTS_PER_USER: '0',
      ...environment,
    });
  }

  /** With one API process already. */
  static async withApi(
    environment: NodeJS.ProcessEnv = {},
  ): Promise<{ installation: Installation; api: ApiProcess }> {
    const installation = await Installation.create(environment);
    return { installation, api: await installation.startApi() };
  }

  /** @param folder with another build of it */
  async startApi(environment: NodeJS.ProcessEnv = {}, folder?: string): Promise<ApiProcess> {
    const process = await this.start('api', environment, folder);
    return new ApiProcess(process, String(process.started['url']), this.database);
  }

  startWorker(environment: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
    return this.start('worker', environment);
  }

  /** What the operators' audit of I1 prints. */
  audit(): Promise<string> {
    return audit(this.database.url);
  }

  /** Stops every process and drops the database. */
  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.database.drop();
  }

  private async start(
    program: 'api' | 'worker',
    environment: NodeJS.ProcessEnv,
    folder?: string,
  ): Promise<ServerProcess> {
    const variables = { ...this.environment, ...environment };
    const process = await ServerProcess.start(program, variables, folder);
    this.processes.push(process);
    return process;
  }
}

/** A running API and its address. */
export class ApiProcess {
  constructor(
    readonly process: ServerProcess,
    readonly url: string,
    private readonly database: TestDatabase,
  ) {}

  /** Where its operators ask it. */
  get metricsUrl(): string {
    return `http://127.0.0.1:${String(this.process.started['metricsPort'])}/metrics`;
  }

  /** Somebody at the border: new, or with the token of who was there before. */
  client(accessToken: string | null = null): ApiClient {
    return new ApiClient(this.url, this.database, accessToken);
  }
}
