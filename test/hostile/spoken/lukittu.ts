import { goldenKey, type Spoken } from './spoken.ts';

type Judgement = ReturnType<Spoken['judge']>;

const refusalOf = (details: string) => ({
  status: 400,
  body: JSON.stringify({
    data: null,
    result: { timestamp: '2030-06-15T12:00:00.000Z', valid: false, details, code: 'BAD_REQUEST' },
  }),
});
const wrong = (details: string): Judgement => ({ refusal: refusalOf(details), asked: null });
const right = (asked: string | null): Judgement => ({ refusal: null, asked });

const titles: Readonly<Record<string, string>> = {
  licenseKey: 'License key',
  customerId: 'Customer UUID',
  productId: 'Product UUID',
  challenge: 'Challenge',
  version: 'Version',
  branch: 'Branch name',
  hardwareIdentifier: 'Hardware identifier',
  deviceIdentifier: 'Hardware identifier',
};

function judgeText(field: string, title: string, text: string): Judgement {
  const [least, most] = { version: [3, 255] as const, branch: [2, 255] as const }[field] ?? [10, 1000];
  if (text.length < least) return wrong(`${title} must be at least ${least} characters`);
  if (text.length > most) return wrong(`${title} must be less than ${most} characters`);
  if (field === 'branch') {
    const isName = text.length > 2 && !/[^a-z0-9\s_-]/i.test(text);
    return isName ? right(text.trim()) : wrong(`${title} must contain only letters, numbers, dashes, and underscores`);
  }
  return /\s/.test(text) ? wrong(`${title} must not contain spaces`) : right(text);
}

export const lukittu: Spoken = {
  fields: {
    licenseKey: ({ key }) => key,
    customerId: ({ customerId }) => customerId,
    productId: ({ product }) => product,
    challenge: ({ challenge }) => challenge,
    version: ({ version }) => version,
    branch: ({ branch }) => branch,
    hardwareIdentifier: ({ hwid }) => hwid,
    deviceIdentifier: ({ hwid }) => hwid,
  },
  required: ['licenseKey'],
  request: (fields) => ({
    path: '/api/v1/client/teams/11111111-2222-4333-8444-555555555555/verification/verify',
    headers: { 'content-type': 'application/json' },
    body: { licenseKey: goldenKey, ...fields },
  }),
  judge: (field, value) => {
    const title = titles[field] ?? field;
    const isHwid = title === 'Hardware identifier';
    if (value === undefined && field !== 'licenseKey') return right(null);
    if (isHwid && (value === null || value === '')) return right(null);
    if (typeof value !== 'string' || value.includes('\0') || /\p{Cs}/u.test(value)) {
      return wrong(`${title} must be a string`);
    }
    if (field === 'licenseKey') {
      const key = value.trim();
      const isPossible = key !== '' && Array.from(key).length <= 255 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(key);
      const message = 'License key must be in the format of XXXXX-XXXXX-XXXXX-XXXXX-XXXXX';
      return { refusal: refusalOf(message), asked: isPossible ? key : null };
    }
    return title.endsWith('UUID') ? wrong(`${title} must be a valid UUID`) : judgeText(field, title, value);
  },
  isRefusal: ({ status, body }) => status === 400 && body.includes('"valid":false'),
};
