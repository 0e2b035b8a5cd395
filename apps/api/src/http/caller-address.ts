import { isIP } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
/** A subscriber has at least a /64, and may use a new address in it for each request. */
const GROUPS_OF_NETWORK = 4;

/**
 * The identity of a caller for limits: an IPv4 address, or the /64 network of an IPv6 address.
 * @param claimed by the proxies in front
 * @param connected of the connection, used if `claimed` is not an address
 */
export function callerAddress(claimed: string, connected: string): string {
  const version = isIP(claimed);
  if (version === 4) return claimed;
  return version === 6 ? networkOf(claimed) : connected;
}

function networkOf(address: string): string {
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = Array<string>(Math.max(0, GROUPS - left.length - right.length)).fill('0');
  const network = [...left, ...zeros, ...right].slice(0, GROUPS_OF_NETWORK);
  return network.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
