import type { WireRequest } from '../support/send.ts';
import { bytesOf, commonTolerances, describeTolerance } from '../support/tolerance.ts';

const goldenKey = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
const granted = (more: object = {}) =>
  JSON.stringify({
    status: 'AUTHORISED',
    pass: true,
    details: 'Authorisation completed - https://license.example.com',
    ...more,
  });

const form = 'application/x-www-form-urlencoded';
const request = (changes: Partial<WireRequest> = {}): WireRequest => ({
  path: '/api/check/7',
  ...changes,
  headers: { authorization: goldenKey, ...changes.headers },
});
const typed = (type: string, bodyText: string, path = '/api/check/7') =>
  request({ path, headers: { 'content-type': type }, bodyText });
const keyed = (authorization: string) => request({ headers: { authorization } });
const part = (name: string, text: string) =>
  `--Xy\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
const latin1 = (text: string, encoding: 'latin1' | 'utf8'): WireRequest =>
  request({
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    bodyBase64: Buffer.from(text, encoding).toString('base64'),
  });

describeTolerance(
  'FaxStore',
  granted(),
  {
    'no body: none at all, an empty one, an empty chunked one, blanks, `null`, `[]`': {
      sent: [
        bytesOf(request()).replace('content-length: 0\r\n', ''),
        bytesOf(request(), { 'content-type': 'application/json' }),
        `${bytesOf(request(), { 'transfer-encoding': 'chunked' }).replace('content-length: 0\r\n', '')}0\r\n\r\n`,
        ...[' \r\n', 'null', '[]', '{}'].map((text) => typed('application/json', text)),
      ],
      attempt: { info: null, quiet: false },
    },
    'JSON that is called a form, and a form that is called JSON or nothing': {
      sent: [
        typed(form, '{"info":"server 1"}'),
        typed('application/json', 'info=server+1'),
        typed('', 'info=server%201'),
        typed(`${form};charset=UTF-8`, 'info=server 1'),
      ],
      attempt: { info: 'server 1' },
    },
    'a multipart form': {
      sent: [
        typed('multipart/form-data; boundary=Xy', `${part('info', 'server 1')}${part('log', 'false')}--Xy--\r\n`),
        typed(
          'Multipart/Form-Data; charset=utf-8; boundary="Xy"',
          `${part('info', 'server 1')}${part('log', '0')}--Xy--`,
        ),
      ],
      attempt: { info: 'server 1', quiet: true },
    },
    'Latin-1 where the `Content-Type` says so; UTF-8 that is called Latin-1': {
      sent: [latin1('{"info":"Büro"}', 'latin1'), latin1('{"info":"Büro"}', 'utf8')],
      attempt: { info: 'Büro' },
    },
    'the word `Bearer` before the key, and blanks around it': {
      sent: [keyed(`Bearer ${goldenKey}`), keyed(`bearer  ${goldenKey}`), keyed(` ${goldenKey}\t`)],
    },
    'a key with letters beyond ASCII in UTF-8': {
      world: { license: { key: 'SCHLÜSSEL-1' } },
      sent: [keyed(Buffer.from('SCHLÜSSEL-1').toString('latin1'))],
    },
    'product ids as texts, with a fraction of zeros, zeros before them, or percent-encoded': {
      sent: ['7.0', '007', '%37', '+7', '%207'].map((id) => request({ path: `/api/check/${id}` })),
    },
    '`log` in another letter case or as the number 0': {
      sent: [
        request({ body: { log: 'False' } }),
        request({ body: { log: 0 } }),
        request({ path: '/api/check/7?log=FALSE' }),
        request({ path: '/api/check/7', body: { log: ' 0 ' } }),
      ],
      attempt: { quiet: true },
    },
    'a `log` that is neither, which means true': {
      sent: [null, 'no', 'off', {}, 1, '', 'True'].map((log) => request({ body: { log } })),
      attempt: { quiet: false },
    },
    'an `info` that is a number': { sent: [request({ body: { info: 25565 } })], attempt: { info: '25565' } },
    'an `info` or `log` that is given several times: the last counts': {
      sent: [
        request({ path: '/api/check/7?info=a&info=b&log=1&log=0' }),
        typed(form, 'info[]=a&info[]=b&log=true&log=false'),
      ],
      attempt: { info: 'b', quiet: true },
    },
  },
  commonTolerances({
    ...request({ headers: { 'content-type': 'application/json' } }),
    body: { info: 'server 1' },
  }),
);

const multiple = (changes: Partial<WireRequest>) => request({ path: '/api/check/multiple', ...changes });

describeTolerance('FaxStore, several products', granted({ proId: 7 }), {
  'ids with indexes, as PHP writes them': {
    sent: [
      multiple({ path: '/api/check/multiple?proIds[0]=8&proIds[1]=7' }),
      typed(form, 'proIds%5B0%5D=8&proIds%5B1%5D=7', '/api/check/multiple'),
      typed('multipart/form-data; boundary=Xy', `${part('proIds[]', '7')}--Xy--`, '/api/check/multiple'),
    ],
  },
  'a list inside a text: with blanks, quotes, a comma at the end': {
    sent: ['8 7', '["8", "7"]', '8, 7,', "['8','7']", ['8,7']].map((proIds) => multiple({ body: { proIds } })),
  },
  'one id that is no list': { sent: [7, '7', '[7]', 7.0].map((proIds) => multiple({ body: { proIds } })) },
  'unknown ids, and texts that are no ids, next to an id that passes': {
    sent: [
      [999, 7],
      ['abc', '7'],
      [-1, 7.5, 0, 7],
    ].map((proIds) => multiple({ body: { proIds } })),
  },
  'the same id several times': { sent: [multiple({ body: { proIds: [7, 7, '7'] } })] },
});
