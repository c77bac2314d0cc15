import type { WireRequest } from '../support/send.ts';
import { commonTolerances, describeTolerance } from '../support/tolerance.ts';

const team = '11111111-2222-4333-8444-555555555555';
const pathOf = (teamId: string, route = 'verify') => `/api/v1/client/teams/${teamId}/verification/${route}`;
const fields = { licenseKey: 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5', hardwareIdentifier: 'HARDWARE-0001' };
const product = '77777777-7777-4777-8777-777777777777';
const customer = '33333333-3333-4333-8333-333333333333';
const granted = (details: string) =>
  JSON.stringify({
    data: {
      license: {
        ipLimit: 5,
        hwidLimit: 5,
        seats: 5,
        expirationType: 'DATE',
        expirationStart: 'CREATION',
        expirationDate: '2030-12-31T23:59:59.999Z',
      },
      customers: [{ username: 'john_doe' }],
      products: [{ name: 'Plugin' }],
    },
    result: { timestamp: '2030-06-15T12:00:00.000Z', valid: true, details, code: 'VALID' },
  });

const request = (own: object = {}, path = pathOf(team)) => ({
  path,
  headers: { 'content-type': 'application/json' },
  body: { ...fields, ...own },
});
const latin1 = (encoding: 'latin1' | 'utf8'): WireRequest => ({
  path: pathOf(team),
  headers: { 'content-type': 'application/json; charset=ISO-8859-1' },
  bodyBase64: Buffer.from(JSON.stringify(request({ hardwareIdentifier: 'Büro-PC-0001' }).body), encoding).toString(
    'base64',
  ),
});
const prefixed = { 'key.prefix': 'Shop ', 'key.length': 8, 'key.hyphenEvery': 4 };

describeTolerance(
  'Lukittu',
  granted('License is valid'),
  {
    'Latin-1 where the `Content-Type` says so; UTF-8 that is called Latin-1': {
      sent: [latin1('latin1'), latin1('utf8')],
      attempt: { hwid: 'Büro-PC-0001' },
    },
    'blanks around the key': {
      sent: [` ${fields.licenseKey}`, `${fields.licenseKey}\r\n`].map((licenseKey) => request({ licenseKey })),
    },
    'a key of another form, where the guild makes such keys or a license has it': {
      world: { license: { key: 'Shop ABCD-EFGH' }, settings: prefixed },
      sent: [request({ licenseKey: 'Shop ABCD-EFGH' }), request({ licenseKey: ' Shop ABCD-EFGH' })],
    },
    'team, customer and product ids in upper case or with blanks around them': {
      sent: [
        request({ customerId: customer.toUpperCase(), productId: product.toUpperCase() }, pathOf(team.toUpperCase())),
        request({ customerId: ` ${customer}`, productId: `${product}\n` }, pathOf(`%20${team}%0A`)),
      ],
      attempt: { product },
    },
    'a `hardwareIdentifier` that is null, which is as good as none': {
      sent: [request({ hardwareIdentifier: null })],
      attempt: { hwid: null },
    },
  },
  commonTolerances(request(), { isStrict: true }),
);
