import { goldenKey, type Spoken } from './spoken.ts';

const schemaError = { status: 400, body: '{"valid":false,"error":"INVALID_REQUEST_SCHEMA"}' };
const notFound = { status: 200, body: '{"valid":false,"result":"NOT_FOUND"}' };

/** What a value is as a part of the path, which holds nothing but texts. */
function pathText(value: unknown): string {
  const text = typeof value === 'string' ? value : ((JSON.stringify(value) as string | undefined) ?? '');
  return text === '' ? ' ' : text.toWellFormed();
}

export const licensegate: Spoken = {
  fields: {
    key: ({ key }) => key,
    scope: ({ scope }) => scope,
    challenge: ({ challenge }) => challenge,
    metadata: ({ info }) => info,
  },
  required: ['key'],
  request: (fields) => {
    const { key, ...options }: Readonly<Record<string, unknown>> = { key: goldenKey, ...fields };
    return {
      path: `/license/abcde/${encodeURIComponent(pathText(key))}/verify`,
      headers: { 'content-type': 'application/json' },
      body: options,
    };
  },
  judge: (field, value) => {
    if (field === 'key') {
      const key = pathText(value).trim();
      const isPossible = key !== '' && Array.from(key).length <= 255 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(key);
      return { refusal: notFound, asked: isPossible ? key : null };
    }
    if (value === undefined) return { refusal: null, asked: null };
    const isText = typeof value === 'string' && value.length <= 1000 && !value.includes('\0') && !/\p{Cs}/u.test(value);
    if (!isText) return { refusal: schemaError, asked: null };
    const said = field === 'metadata' ? value.trim() : value;
    return { refusal: null, asked: field !== 'scope' && said === '' ? null : said };
  },
  isRefusal: ({ body }) => body.includes('"valid":false'),
};
