import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import type { Config } from '../../../config/schema.ts';

const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/** Where client programs on this machine reach the server. null: it chose its port itself and has not said which. */
export function serverUrl({ http }: Pick<Config, 'http'>, noted: string | null): string | null {
  if (http.publicUrl !== null) return http.publicUrl;
  if (http.port === 0) return noted;
  const host = everywhere[http.host] ?? (http.host.includes(':') ? `[${http.host}]` : http.host);
  return `${http.tlsCert === null ? 'http' : 'https'}://${host}:${http.port}`;
}

const patienceMs = 1_000;

/** Whether a server with this configuration answers on this machine; one that chose its port itself is not found. */
export function isServerAnswering({ http }: Pick<Config, 'http'>): Promise<boolean> {
  const url = serverUrl({ http: { ...http, publicUrl: null } }, null);
  if (url === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    // Its certificate is for another name.
    const options = { timeout: patienceMs, agent: false, rejectUnauthorized: false };
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
