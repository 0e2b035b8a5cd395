import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reconnectAtRandom } from './reconnect-at-random';

class Line extends EventEmitter {
  connected = true;
  readonly connectedAt: number[] = [];

  disconnect(): this {
    this.connected = false;
    this.emit('disconnect');
    return this;
  }

  connect(): this {
    this.connected = true;
    this.connectedAt.push(Date.now());
    return this;
  }
}

describe('pages of a stopping server', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('reconnect once each, spread over the given time', () => {
    const lines = Array.from({ length: 200 }, () => new Line());
    for (const line of lines) reconnectAtRandom(line, 1_000);
    jest.advanceTimersByTime(1_000);
    const times = lines.flatMap(({ connectedAt }) => connectedAt).sort((a, b) => a - b);
    expect(times).toHaveLength(200);
    for (const quarter of [0, 250, 500, 750]) {
      const inIt = times.filter((time) => time >= quarter && time <= quarter + 250);
      expect(inIt.length).toBeGreaterThan(20);
    }
  });

  it('leave it to Socket.IO when the connection breaks before', () => {
    const line = new Line();
    reconnectAtRandom(line, 1_000);
    line.disconnect();
    jest.advanceTimersByTime(2_000);
    expect(line.connectedAt).toEqual([]);
  });
});
