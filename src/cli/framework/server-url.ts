import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import type { Config } from '../../../config/schema.ts';

/** Addresses that mean "every interface", each with one that can be connected to. */
const reachableHosts: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

const timeoutMs = 1_000;

/**
 * The URL at which client programs on this machine reach the server. A server with port 0 chooses its port at start and
 * notes its URL in the store: that is `notedUrl`. null: such a server has not started yet.
 */
export function serverUrl({ http }: Pick<Config, 'http'>, notedUrl: string | null): string | null {
  if (http.publicUrl !== null) return http.publicUrl;
  if (http.port === 0) return notedUrl;
  const host = reachableHosts[http.host] ?? (http.host.includes(':') ? `[${http.host}]` : http.host);
  return `${http.tlsCert === null ? 'http' : 'https'}://${host}:${http.port}`;
}

/** Whether a server with this configuration answers on this machine. A server with port 0 is never found. */
export function isServerAnswering({ http }: Pick<Config, 'http'>): Promise<boolean> {
  const url = serverUrl({ http: { ...http, publicUrl: null } }, null);
  if (url === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    // The certificate names the public host and not this machine, so it cannot be verified here.
    const options = { timeout: timeoutMs, agent: false, rejectUnauthorized: false };
    const request = (url.startsWith('https:') ? getSecurely : get)(`${url}/healthz`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      resolve(false);
    });
  });
}
