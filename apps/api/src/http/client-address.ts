import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** Decides for each proxy, counted from this process outwards, whether it is believed. */
export type TrustProxy = (address: string, hop: number) => boolean;

/** The nearest proxies are believed; an address further out could be made up. */
export function trustProxies(hops: number): TrustProxy {
  return (_address, hop) => hop < hops;
}

/** The client's address as Fastify's `request.ip` has it, for what comes before Fastify. */
export function clientAddress(request: IncomingMessage, trust: TrustProxy): string {
  return proxyAddr(request, trust);
}
