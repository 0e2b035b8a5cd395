import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import { callerAddress } from './caller-address.js';

/** Decides for each proxy, counted from this process outwards, whether it is believed. */
export type TrustProxy = (address: string, hop: number) => boolean;

/** The nearest proxies are believed; an address further out could be made up. */
export function trustProxies(hops: number): TrustProxy {
  return (_address, hop) => hop < hops;
}

/** What a caller is counted by, as the rate limits do, for what comes before Fastify. */
export function clientAddress(request: IncomingMessage, trust: TrustProxy): string {
  return callerAddress(proxyAddr(request, trust), request.socket.remoteAddress ?? '');
}
