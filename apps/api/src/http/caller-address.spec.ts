import { describe, expect, it } from '@jest/globals';
import { callerAddress } from './caller-address.js';

describe('the address that a caller is counted by', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:1::1', '2001:db8:0:1'],
    ['2001:DB8:0:1:ffff:1:2:3', '2001:db8:0:1'],
    ['2001:db8::5', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0'],
    ['not an address', '10.0.0.1'],
    ['x'.repeat(15_000), '10.0.0.1'],
  ])('%s is %s', (claimed, address) => {
    expect(callerAddress(claimed, '10.0.0.1')).toBe(address);
  });
});
