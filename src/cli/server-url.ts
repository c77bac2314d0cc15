import type { Config } from '../../config/schema.ts';

const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/** Where client programs on this machine reach the server. null: it chose its port itself and has not said which. */
export function serverUrl({ http }: Config, noted: string | null): string | null {
  if (http.publicUrl !== null) return http.publicUrl;
  if (http.port === 0) return noted;
  const host = everywhere[http.host] ?? (http.host.includes(':') ? `[${http.host}]` : http.host);
  return `${http.tlsCert === null ? 'http' : 'https'}://${host}:${http.port}`;
}
