/** Addresses of the machine itself. */
export const loopbackRanges: readonly string[] = ['127.0.0.0/8', '::1/128'];

/** Addresses of the local network, which are not seen on the internet. */
export const privateRanges: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/** The ranges of an entry of `http.trustedProxies`: `loopback` and `private` stand for several. */
export function expandProxy(proxy: string): readonly string[] {
  if (proxy === 'loopback') return loopbackRanges;
  return proxy === 'private' ? privateRanges : [proxy];
}
