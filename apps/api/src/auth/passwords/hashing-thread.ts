import { Worker } from 'node:worker_threads';

export interface HashingRequest {
  password: string;
  /** To be compared with the password; null to make one. */
  stored: string | null;
}

export type HashingAnswer = { result: string | boolean } | { error: string };

type Settle = (answer: HashingAnswer) => void;

/**
 * argon2id in a thread with a lower priority than the process, so that on busy cores bookings run
 * first. Answers come in the order of the requests.
 */
export class HashingThread {
  private worker: Worker | null = null;
  private pending: Settle[] = [];

  async hash(password: string): Promise<string> {
    return String(await this.request({ password, stored: null }));
  }

  async verify(stored: string, password: string): Promise<boolean> {
    return (await this.request({ password, stored })) === true;
  }

  private async request(request: HashingRequest): Promise<string | boolean> {
    const worker = (this.worker ??= this.start());
    // A command must not end while it waits for a hash.
    worker.ref();
    const answer = await new Promise<HashingAnswer>((settle) => {
      this.pending.push(settle);
      worker.postMessage(request);
    });
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }

  private start(): Worker {
    const worker = new Worker(new URL('./hashing-worker.js', import.meta.url));
    worker.on('message', (answer: HashingAnswer) => {
      this.pending.shift()!(answer);
      if (this.pending.length === 0) worker.unref();
    });
    // When the thread dies, pending requests fail and the next one starts a new thread.
    worker.on('error', (error) => this.end(worker, String(error)));
    worker.on('exit', (code) => this.end(worker, `the hashing thread ended with ${code}`));
    return worker;
  }

  private end(worker: Worker, error: string): void {
    if (this.worker !== worker) return;
    const { pending } = this;
    this.worker = null;
    this.pending = [];
    for (const settle of pending) settle({ error });
  }
}
