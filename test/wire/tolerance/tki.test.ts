import type { WireRequest } from '../support/send.ts';
import { tkiRequest } from '../support/tki-request.ts';
import { commonTolerances, describeTolerance } from '../support/tolerance.ts';

const granted = JSON.stringify({
  status_msg: 'Successful Authentication!',
  status_overview: 'success',
  status_code: 200,
  version: '1.0.0',
  discord_id: '123456789012345678',
  discord_username: 'john_doe',
  discord_tag: '@john_doe#0001',
  expire_date: '12/31/2030',
  staff_license: false,
});

const good = tkiRequest() as WireRequest & { readonly body: { readonly data: object } };
const { body, ...bodiless } = good;
const inLatin1 = JSON.stringify(tkiRequest({ hwid: 'Büro-PC' }).body);
const latin1 = (charset: string, bytes: Buffer): WireRequest => ({
  ...bodiless,
  headers: { ...good.headers, 'content-type': `application/json; charset=${charset}` },
  bodyBase64: bytes.toString('base64'),
});

describeTolerance(
  'TKI Auth',
  granted,
  {
    'Latin-1 where the `Content-Type` says so; UTF-8 that is called Latin-1': {
      sent: [latin1('ISO-8859-1', Buffer.from(inLatin1, 'latin1')), latin1('"latin1"', Buffer.from(inLatin1))],
      attempt: { hwid: 'Büro-PC' },
    },
    'the word `Bearer` before the API key, and blanks around it': {
      sent: ['Bearer golden-api-key', 'bearer   golden-api-key', '  golden-api-key '].map((authorization) =>
        tkiRequest({}, { authorization }),
      ),
    },
    'blanks around any field': {
      sent: [
        tkiRequest({
          product: ' Plugin ',
          version: '1.0.0\n',
          licensekey: '\tGOLD1-GOLD2-GOLD3-GOLD4-GOLD5 ',
          ip: ' 198.51.100.7',
          hwid: 'MACHINE-1\r\n',
        }),
      ],
      attempt: { declaredIp: '198.51.100.7', hwid: 'MACHINE-1' },
    },
    'a product in another letter case, or by a name that it had before': {
      world: { product: { formerName: 'Old Plugin' } },
      sent: [tkiRequest({ product: 'PLUGIN' }), tkiRequest({ product: 'old plugin' })],
    },
    'zero-width blanks in product and version, and other kinds of blanks in the product': {
      world: { product: { name: 'My Plugin' } },
      sent: [
        tkiRequest({ product: 'My\u00a0Plugin', version: '1.0.0\u200b' }),
        tkiRequest({ product: '\u2060My \u3000 Plu\u00adgin', version: '\ufeff1.\u200d0.0' }),
      ],
      attempt: { product: 'My Plugin', version: '1.0.0' },
    },
    'an `ip` that is no address': {
      sent: [tkiRequest({ ip: '198.51.100.7:25565' }), tkiRequest({ ip: 'localhost' })],
    },
    'no HWID, or null, where `tki.requireHwid` is off': {
      world: { settings: { 'tki.requireHwid': false } },
      sent: [tkiRequest({ hwid: undefined }), tkiRequest({ hwid: null }), tkiRequest({ hwid: '' })],
      attempt: { hwid: null },
    },
    'a data object with fields that mean nothing': { sent: [{ ...good, body: { data: { ...body.data, os: {} } } }] },
  },
  commonTolerances(good),
);
