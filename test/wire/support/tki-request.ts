import type { WireRequest } from './send.ts';

/** The request that the license of `seedWorld` is granted, with these fields instead. */
export function tkiRequest(data: object = {}, headers: Readonly<Record<string, string>> = {}): WireRequest {
  const licensekey = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
  return {
    path: '/api/license/auth',
    headers: { authorization: 'golden-api-key', 'content-type': 'application/json', ...headers },
    body: { data: { product: 'Plugin', version: '1.0.0', licensekey, ip: '198.51.100.7', hwid: 'MACHINE-1', ...data } },
  };
}

/** The same as bytes, for a connection that is kept. */
export function tkiBytes(data: object = {}): string {
  const { path, headers, body } = tkiRequest(data);
  const text = JSON.stringify(body);
  const lines = Object.entries({ host: 'x', ...headers, 'content-length': String(Buffer.byteLength(text)) });
  return `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`;
}

export const failedKeys = ['message', 'status_overview'];
