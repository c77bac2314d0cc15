import ipaddr from 'ipaddr.js';

/** Whether programs on other networks cannot reach a URL: it names this machine or a network that is not routed. */
export function isLocalUrl(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host)) return ipaddr.process(host).range() !== 'unicast';
  return /(^|\.)(localhost|local|internal|lan)$/.test(host) || !host.includes('.');
}
