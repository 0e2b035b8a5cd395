import { Worker } from 'node:worker_threads';

export interface HashingRequest {
  password: string;
  /** To be compared with the password; null to make one. */
  stored: string | null;
}

export type HashingAnswer = { result: string | boolean } | { error: string };

type Settle = (answer: HashingAnswer) => void;

/**
 * argon2id in a thread with a lower priority than the process: where the cores are busy, the system
 * lets those who book go first. Answers come in the order of the requests.
 */
export class HashingThread {
  private readonly worker = new Worker(new URL('./hashing-worker.js', import.meta.url));
  private readonly pending: Settle[] = [];

  constructor() {
    this.worker.on('message', (answer: HashingAnswer) => {
      this.pending.shift()!(answer);
      if (this.pending.length === 0) this.worker.unref();
    });
    this.worker.unref();
  }

  async hash(password: string): Promise<string> {
    return String(await this.ask({ password, stored: null }));
  }

  async verify(stored: string, password: string): Promise<boolean> {
    return (await this.ask({ password, stored })) === true;
  }

  private async ask(request: HashingRequest): Promise<string | boolean> {
    // A command that waits for a hash must not end before it is there.
    this.worker.ref();
    const answer = await new Promise<HashingAnswer>((settle) => {
      this.pending.push(settle);
      this.worker.postMessage(request);
    });
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }
}
