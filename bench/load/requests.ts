import type { Protocol } from '../../src/domain/attempt.ts';
import { hwidOf, keyOf, world } from '../store/world.ts';
import type { RequestTemplate } from './request-template.ts';

interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** `keyOf` and `hwidOf` with the place that the load client writes the number of the license into. */
const firstNumber = keyOf(0).slice(-5);
const key = keyOf(0).replace(firstNumber, '#####');
const hwid = hwidOf(0).replace(firstNumber, '#####');

function bytesOf({ method, path, headers, body }: Call): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const lines = {
    Host: '127.0.0.1',
    'User-Agent': 'bench/1.0',
    ...headers,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(text.length) }),
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method ?? (body === undefined ? 'GET' : 'POST')} ${path} HTTP/1.1\r\n${head.join('')}\r\n${text}`;
}

const template = (call: Call, status: number, marker: string): RequestTemplate => ({
  text: bytesOf(call),
  status,
  marker,
});

const tki = (data: object = {}): Call => {
  const { name: product, version } = world.product;
  return {
    path: '/api/license/auth',
    headers: { Authorization: world.apiKey },
    body: { data: { product, version, licensekey: key, ip: world.ip, hwid, ...data } },
  };
};

/** A check of each protocol that is granted. */
export const grantedChecks: Readonly<Record<Protocol, RequestTemplate>> = {
  tki: template(tki(), 200, '"status_overview":"success"'),
  faxstore: template(
    { method: 'POST', path: `/api/check/${world.product.id}`, headers: { Authorization: key } },
    200,
    '"pass":true',
  ),
  sunlicense: template(
    { path: '/api/v1/validate', body: { licenseKey: key, productId: world.product.id, hwid } },
    200,
    'License validated',
  ),
  lukittu: template(
    {
      path: `/api/v1/client/teams/${world.teamId}/verification/verify`,
      body: { licenseKey: key, productId: world.product.uuid, hardwareIdentifier: hwid },
    },
    200,
    '"valid":true',
  ),
  licensegate: template({ path: `/license/${world.userId}/${key}/verify` }, 200, '"valid":true'),
};

/** Checks that are refused, all of TKI Auth. */
export const refusedChecks = {
  /** So few different keys that the guard does not take them for guesses. */
  'unknown key': template(tki({ licensekey: keyOf(0).replace('STORE', 'WRONG') }), 404, 'License not found'),
  blacklisted: template(tki({ hwid: world.blacklistedHwid }), 403, 'HWID is blacklisted'),
  'limit reached': template(tki({ hwid: 'another-machine-%%%%%%%%' }), 400, 'Maximum number of HWIDs'),
} as const;

/** Each request is the first of a new machine. */
export const firstUse = template(tki({ hwid: 'new-machine-%%%%%%%%' }), 200, '"status_overview":"success"');

/** A granted check whose answer is signed. */
export const challenged = template(
  { path: `/license/${world.userId}/${key}/verify?challenge=text-to-sign-%%%%%%%%` },
  200,
  '"signedChallenge"',
);

/** What a shop with programs for all systems is asked: mostly known machines, some new ones, one in ten refused. */
export const mixedChecks: readonly RequestTemplate[] = [
  ...Object.values(grantedChecks),
  ...[grantedChecks.tki, grantedChecks.sunlicense, firstUse],
  ...[refusedChecks.blacklisted, grantedChecks.licensegate],
];

/** For the baselines, which answer `{"status":"ok"}` to a check of TKI Auth. */
export const baselineRequest: RequestTemplate = { ...grantedChecks.tki, marker: '"ok"' };
