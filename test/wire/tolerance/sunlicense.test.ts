import type { WireRequest } from '../support/send.ts';
import { commonTolerances, describeTolerance } from '../support/tolerance.ts';

const fields = { licenseKey: 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5', productId: 7, hwid: 'MACHINE-1' };
const granted = JSON.stringify({
  message: 'License validated',
  status: 200,
  timestamp: '2030-06-15T12:00:00.000+00:00',
});

const path = '/api/v1/validate';
const form = 'application/x-www-form-urlencoded';
const request = (own: object = {}) => ({
  path,
  headers: { 'content-type': 'application/json' },
  body: { ...fields, ...own },
});
const typed = (type: string, bodyText: string): WireRequest => ({ path, headers: { 'content-type': type }, bodyText });
const urlencoded = new URLSearchParams({ ...fields, productId: '7' }).toString();
const part = (name: string, text: string) =>
  `--Xy\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
const parts = Object.entries(fields).map(([name, value]) => part(name, String(value)));
const latin1 = (encoding: 'latin1' | 'utf8'): WireRequest => ({
  path,
  headers: { 'content-type': 'application/json; charset=ISO-8859-1' },
  bodyBase64: Buffer.from(JSON.stringify(request({ hwid: 'Büro-PC' }).body), encoding).toString('base64'),
});

describeTolerance(
  'SunLicense',
  granted,
  {
    'Latin-1 where the `Content-Type` says so; UTF-8 that is called Latin-1': {
      sent: [latin1('latin1'), latin1('utf8')],
      attempt: { hwid: 'Büro-PC' },
    },
    'a form, called one or not; JSON that is called a form': {
      sent: [
        typed(form, urlencoded),
        typed('application/json', urlencoded),
        typed('multipart/form-data; boundary=Xy', `${parts.join('')}--Xy--\r\n`),
        typed(form, JSON.stringify(fields)),
      ],
      attempt: { hwid: 'MACHINE-1' },
    },
    'a product id as a text, with a fraction of zeros, or blanks around it': {
      sent: ['7', '7.0', ' 7 ', '007', '+7'].map((productId) => request({ productId })),
    },
    'blanks around the key, the HWID, the IP and the MAC address': {
      sent: [
        request({
          licenseKey: ` ${fields.licenseKey}\n`,
          hwid: '\tMACHINE-1',
          ip: ' 198.51.100.7 ',
          macAddress: ' 00-1B-63-84-45-E6 ',
        }),
      ],
      attempt: { hwid: 'MACHINE-1', declaredIp: '198.51.100.7', mac: '00-1B-63-84-45-E6' },
    },
    'an optional field that is null or blank, which is as good as none': {
      sent: [null, '', '  '].map((nothing) =>
        request({ ip: nothing, macAddress: nothing, productVersion: nothing, javaVersion: nothing }),
      ),
      attempt: { declaredIp: null, mac: null, version: null, info: null },
    },
    'numbers for versions': {
      sent: [request({ productVersion: 1.5, operatingSystemVersion: 11, javaVersion: 17 })],
      attempt: { version: '1.5', info: 'operatingSystemVersion: 11, javaVersion: 17' },
    },
    'objects and lists for what is only recorded, which is then not': {
      sent: [request({ productVersion: {}, operatingSystem: ['Linux'], javaVersion: { major: 17 } })],
      attempt: { version: null, info: null },
    },
    'an `ip` that is no address': {
      sent: [request({ ip: 'localhost' }), request({ ip: '198.51.100.7:25565' })],
    },
  },
  commonTolerances(request()),
);
