import ipaddr from 'ipaddr.js';

/** Whether programs elsewhere cannot reach it: this machine's own names, and networks that nobody routes to. */
export function isLocalUrl(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host)) return ipaddr.process(host).range() !== 'unicast';
  return /(^|\.)(localhost|local|internal|lan)$/.test(host) || !host.includes('.');
}
