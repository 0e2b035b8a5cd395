import { describe, expect, it } from '@jest/globals';
import { HashingThread } from './hashing-thread.js';

describe('a hashing thread that cannot run', () => {
  // Beside this source there is no compiled worker.
  it('fails those who wait for it and not the process, and is started again', async () => {
    const thread = new HashingThread();
    const answers = await Promise.allSettled([thread.hash('one'), thread.hash('two')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(thread.hash('three')).rejects.toThrow(/hashing-worker/);
  });
});
