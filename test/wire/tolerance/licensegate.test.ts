import type { WireRequest } from '../support/send.ts';
import { bytesOf, commonTolerances, describeTolerance } from '../support/tolerance.ts';

const key = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
const path = `/license/abcde/${key}/verify`;
const form = 'application/x-www-form-urlencoded';
const typed = (type: string, bodyText: string): WireRequest => ({ path, headers: { 'content-type': type }, bodyText });
const get = (query: string, more: Partial<WireRequest> = {}): WireRequest => ({
  method: 'GET',
  path: query === '' ? path : `${path}?${query}`,
  ...more,
});
const part = (name: string, text: string) =>
  `--Xy\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
const latin1 = (text: string, encoding: 'latin1' | 'utf8'): WireRequest => ({
  path,
  headers: { 'content-type': 'application/json; charset=iso-8859-1' },
  bodyBase64: Buffer.from(text, encoding).toString('base64'),
});

describeTolerance(
  'LicenseGate',
  '{"valid":true,"result":"VALID"}',
  {
    'with POST no body: none at all, an empty one, an empty chunked one, blanks, `null`, `[]`': {
      sent: [
        bytesOf({ path }).replace('content-length: 0\r\n', ''),
        bytesOf({ path }, { 'content-type': 'application/json' }),
        `${bytesOf({ path }, { 'transfer-encoding': 'chunked' }).replace('content-length: 0\r\n', '')}0\r\n\r\n`,
        ...[' \r\n', 'null', '[]', '{}'].map((text) => typed('application/json', text)),
      ],
      attempt: { info: null },
    },
    'JSON that is called a form, and a form that is called JSON or nothing': {
      sent: [
        typed(form, '{"metadata":"server 1"}'),
        typed('application/json', 'metadata=server+1'),
        typed('', 'metadata=server%201'),
      ],
      attempt: { info: 'server 1' },
    },
    'a multipart form': {
      sent: [typed('multipart/form-data; boundary=Xy', `${part('metadata', 'server 1')}--Xy--\r\n`)],
      attempt: { info: 'server 1' },
    },
    'Latin-1 where the `Content-Type` says so; UTF-8 that is called Latin-1': {
      sent: [latin1('{"metadata":"Büro"}', 'latin1'), latin1('{"metadata":"Büro"}', 'utf8')],
      attempt: { info: 'Büro' },
    },
    'a plus for a blank in the query': {
      world: { license: { scope: 'pro plan' } },
      sent: [get('scope=pro+plan&metadata=a+b'), get('scope=pro%20plan&metadata=a%20b')],
      attempt: { info: 'a b' },
    },
    'percent-encoded letters and blanks around the key in the path': {
      sent: [
        { method: 'GET', path: `/license/%61bcde/%20${key.replaceAll('-', '%2d')}%20/verify` },
        { path: `/license/%41BCDE/${key}%0A/verify` },
      ],
    },
    'the key in another letter case, where no license has exactly it': {
      sent: [{ method: 'GET', path: path.replace(key, key.toLowerCase()) }, { path: path.replace('GOLD1', 'Gold1') }],
    },
    'options without a value, which are as good as none': {
      sent: [
        get('scope=&challenge=&metadata='),
        get('scope&challenge&metadata'),
        { path, body: { scope: '', challenge: '', metadata: ' ' } },
        typed(form, 'scope=&challenge=&metadata='),
      ],
      attempt: { info: null },
    },
    'a body with GET, which is ignored': {
      sent: [
        get('', { headers: { 'content-type': 'application/json' }, body: { scope: 5, challenge: '0123456789' } }),
        get('', { bodyText: 'no JSON' }),
      ],
    },
  },
  commonTolerances(
    { path, headers: { 'content-type': 'application/json' }, body: { metadata: 'server 1' } },
    { isStrict: true },
  ),
);
