import { join } from 'node:path';
import { Cluster } from '../../scripts/cluster/cluster.mjs';
import { findPrograms, type ClusterPrograms } from '../../scripts/cluster/find-programs.mjs';
import { ApiClient } from '../api-client.js';
import { audit } from '../audit.js';
import { describeWith } from '../optional.js';
import { TEST_SECRET } from '../installation.js';
import { openTestDatabase, type TestDatabase } from '../test-database.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** Starting and stopping a cluster takes its time. Milliseconds. */
export const START_MS = 90_000;

/** A suite that needs every program of a cluster. */
export function describeCluster(title: string, define: (programs: ClusterPrograms) => void): void {
  const { programs, missing } = findPrograms(process.env);
  describeWith(title, programs, missing ?? '', define);
}

/** The cluster of `npm run cluster`, empty, and a direct line to its primary. */
export class RunningCluster {
  private constructor(
    readonly parts: Cluster,
    readonly database: TestDatabase,
  ) {}

  /** @param environment variables of every API and worker process beside the cluster's own */
  static async start(
    programs: ClusterPrograms,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<RunningCluster> {
    const parts = await Cluster.start({
      root: ROOT,
      programs,
      environment: {
        JWT_SECRET: TEST_SECRET,
        RATE_LIMIT: 'off',
        MAX_HELD_SLOTS_PER_USER: '0',
        ...environment,
      },
    });
    return new RunningCluster(
      parts,
      openTestDatabase(parts.primary.url, () => Promise.resolve()),
    );
  }

  async stop(): Promise<void> {
    await this.database.drop();
    await this.parts.stop();
  }

  /** Where nginx is. */
  get url(): string {
    return this.parts.url;
  }

  /** Somebody before nginx, or before one instance. */
  client(accessToken: string | null = null, url = this.url): ApiClient {
    return new ApiClient(url, this.database, accessToken);
  }

  /** What the operators' audit of I1 prints. @param url of the server, where that is not the primary */
  audit(url = this.parts.primary.url): Promise<string> {
    return audit(url);
  }
}
