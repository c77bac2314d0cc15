import type { IncomingMessage } from 'node:http';
import type { Client } from './client-ip.ts';
import type { Guard } from './guard.ts';

/** The client of a request, and how the guard sees its address. */
export interface RouteClient extends Client {
  /** The milliseconds for which the address is still guarded; 0: it is not. */
  readonly guardedForMs: number;
  /** How many times as much as a client the address may ask for: 1, or 10 for a proxy that all customers share. */
  readonly share: number;
}

const sharedAddress = 10;

export interface RouteClientOptions {
  readonly readClient: (remoteAddress: string | undefined, headers: IncomingMessage['headers']) => Client;
  readonly guard: Pick<Guard, 'guardedForMs'>;
  /** Called with the proxy's address, once for each request. */
  readonly onUndeclaredProxy: (ip: string) => void;
}

/** Reads the client of an incoming request. An undeclared proxy is reported. */
export function createRouteClientReader({ readClient, guard, onUndeclaredProxy }: RouteClientOptions) {
  return ({ headers, socket }: IncomingMessage): RouteClient => {
    const client = readClient(socket.remoteAddress, headers);
    if (client.isUndeclaredProxy) onUndeclaredProxy(client.ip);
    const share = client.isUndeclaredProxy ? sharedAddress : 1;
    return { ...client, share, guardedForMs: guard.guardedForMs(client.ip) };
  };
}
