import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import { callerAddress } from './caller-address.js';

/** Decides for each proxy, counted from this process outwards, whether to trust it. */
export type TrustProxy = (address: string, hop: number) => boolean;

/** Trusts the nearest proxies; addresses beyond them could be forged. */
export function trustProxies(hops: number): TrustProxy {
  return (_address, hop) => hop < hops;
}

/** The caller's identity for limits, for code that runs before Fastify. */
export function clientAddress(request: IncomingMessage, trust: TrustProxy): string {
  return callerAddress(proxyAddr(request, trust), request.socket.remoteAddress ?? '');
}
