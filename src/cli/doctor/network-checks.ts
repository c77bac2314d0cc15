import { dayMs } from '../../domain/values/calendar.ts';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { addressNote, proxyNote } from '../../domain/notes.ts';
import { serverUrl } from '../framework/server-url.ts';
import { advice, type Check, failed, passed } from './check.ts';

const renewalDays = 14;
const localHosts = /^(localhost|127\.|::1$)/;

export const networkChecks: readonly Check[] = [
  {
    name: 'server',
    run: ({ isServerRunning, config: { mongodbUri } }) => {
      if (isServerRunning) return passed('It is running.');
      if (mongodbUri === null) return advice('It is not running on this store.', 'Start it: npm start');
      return advice('It does not answer on this machine.', 'Start it (npm start), unless other machines do its work.');
    },
  },
  {
    name: 'address',
    run: async ({ config, opened }) => {
      const { host, publicUrl } = config.http;
      if (publicUrl !== null) {
        const isLocal = localHosts.test(new URL(publicUrl).hostname.replace(/[[\]]/g, ''));
        return isLocal
          ? advice(`Client programs use ${publicUrl}, which only this machine can reach.`, 'Set http.publicUrl.')
          : passed(`Client programs use ${publicUrl}.`);
      }
      const url = serverUrl(config, (await opened?.storage.note(addressNote)) ?? null) ?? 'the server';
      if (!localHosts.test(host)) {
        return advice(
          `Other machines can reach ${url}.`,
          'Set http.publicUrl to the address that client programs use.',
        );
      }
      const fix = 'Put a reverse proxy in front of it and set http.publicUrl, or set http.host to 0.0.0.0.';
      return advice(`Only programs on this machine can reach ${url}.`, fix);
    },
  },
  {
    name: 'proxies',
    run: async ({ config, opened, now }) => {
      const [at = '', address = ''] = ((await opened?.storage.note(proxyNote)) ?? '').split(' ');
      const isRecent = Math.abs(now.getTime() - Date.parse(at)) < dayMs;
      const declared = config.http.trustedProxies.join(', ');
      if (!isRecent) {
        return passed(
          declared === '' ? 'None is declared, and none sent a request in the last day.' : `Declared: ${declared}.`,
        );
      }
      const detail = `${address} kept sending forwarding headers (last seen ${at}), but was not declared as a proxy.`;
      const fix = 'Add it to http.trustedProxies: until then all customers behind it share one address.';
      return declared === '' ? failed(detail, fix) : advice(detail, `If you have not done so since: ${fix}`);
    },
  },
  {
    name: 'certificate',
    run: async ({ config: { http }, now }) => {
      if (http.tlsCert === null || http.tlsKey === null) return null;
      const certificate = new X509Certificate(await readFile(http.tlsCert));
      if (!certificate.checkPrivateKey(createPrivateKey(await readFile(http.tlsKey)))) {
        return failed('http.tlsKey is not the key of http.tlsCert.', 'Configure a key and a certificate that match.');
      }
      const days = Math.floor((Date.parse(certificate.validTo) - now.getTime()) / dayMs);
      if (days < 0) return failed(`It expired on ${certificate.validTo}.`, 'Renew it, then send the server SIGHUP.');
      const detail = `It is valid until ${certificate.validTo}.`;
      return days < renewalDays ? advice(detail, 'Renew it, then send the server SIGHUP.') : passed(detail);
    },
  },
];
