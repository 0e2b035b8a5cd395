import type { ApiProcess, Installation } from '../../../../test/installation.js';

/** Two API processes over one database: either may be killed while the other serves. */
export class ApiPair {
  private turn = 0;
  private readonly killed = new Set<ApiProcess>();

  private constructor(
    private readonly installation: Installation,
    private readonly apis: ApiProcess[],
  ) {}

  static async start(installation: Installation): Promise<ApiPair> {
    const apis = [installation.startApi(), installation.startApi()];
    return new ApiPair(installation, await Promise.all(apis));
  }

  /** In turn, as by a load balancer that does not notice when one is dead. */
  next(): ApiProcess {
    return this.apis[this.turn++ % 2]!;
  }

  get kills(): number {
    return this.killed.size;
  }

  wasKilled(api: ApiProcess): boolean {
    return this.killed.has(api);
  }

  /** Kills one in the middle of whatever it does, and puts a new one in its place. */
  async replace(turn: number): Promise<void> {
    const victim = this.apis[turn % 2]!;
    this.killed.add(victim);
    await victim.process.stop('SIGKILL');
    this.apis[turn % 2] = await this.installation.startApi();
  }
}
