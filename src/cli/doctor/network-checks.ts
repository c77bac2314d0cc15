import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { addressNote, proxyNote } from '../../domain/notes.ts';
import { serverUrl } from '../framework/server-url.ts';
import { advise, type Check, fault, fine } from './check.ts';

const dayMs = 86_400_000;
const renewDays = 14;
const localHosts = /^(localhost|127\.|::1$)/;

export const networkChecks: readonly Check[] = [
  {
    name: 'server',
    run: ({ isServerRunning, config: { mongodbUri } }) => {
      if (isServerRunning) return fine('It runs.');
      if (mongodbUri === null) return advise('It does not run on this store.', 'npm start');
      return advise('It does not answer on this machine.', 'npm start, unless other machines do its work.');
    },
  },
  {
    name: 'address',
    run: async ({ config, opened }) => {
      const { host, publicUrl } = config.http;
      if (publicUrl !== null) {
        const isLocal = localHosts.test(new URL(publicUrl).hostname.replace(/[[\]]/g, ''));
        return isLocal
          ? advise(`Client programs are told ${publicUrl}: only this machine reaches that.`, 'Set http.publicUrl.')
          : fine(`Client programs are told ${publicUrl}.`);
      }
      const url = serverUrl(config, (await opened?.storage.note(addressNote)) ?? null) ?? 'a port of its own choice';
      if (!localHosts.test(host)) return advise(`Others can reach ${url}.`, 'Set http.publicUrl to what they call it.');
      const fix = 'Put a reverse proxy before it and set http.publicUrl, or set http.host to 0.0.0.0.';
      return advise(`Only programs on this machine reach ${url}.`, fix);
    },
  },
  {
    name: 'proxies',
    run: async ({ config, opened, now }) => {
      const [at = '', address = ''] = ((await opened?.storage.note(proxyNote)) ?? '').split(' ');
      const isRecent = now.getTime() - Date.parse(at) < dayMs;
      const declared = config.http.trustedProxies.join(', ');
      if (!isRecent) return fine(declared === '' ? 'None is declared, and none was seen.' : `Declared: ${declared}.`);
      const detail = `${address} sent forwarding headers at ${at} and was not declared.`;
      const fix = 'Add it to http.trustedProxies: until then all customers behind it share one address.';
      return declared === '' ? fault(detail, fix) : advise(detail, `Unless done since: ${fix}`);
    },
  },
  {
    name: 'certificate',
    run: async ({ config: { http }, now }) => {
      if (http.tlsCert === null || http.tlsKey === null) return null;
      const certificate = new X509Certificate(await readFile(http.tlsCert));
      if (!certificate.checkPrivateKey(createPrivateKey(await readFile(http.tlsKey)))) {
        return fault('http.tlsKey is not the key of http.tlsCert.', 'Name the two files that belong together.');
      }
      const days = Math.floor((Date.parse(certificate.validTo) - now.getTime()) / dayMs);
      if (days < 0) return fault(`It ended on ${certificate.validTo}.`, 'Renew it, then send the server SIGHUP.');
      const detail = `It is valid until ${certificate.validTo}.`;
      return days < renewDays ? advise(detail, 'Renew it, then send the server SIGHUP.') : fine(detail);
    },
  },
];
