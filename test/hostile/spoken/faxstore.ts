import { goldenKey, noteIn, type Spoken, wholeNumberIn } from './spoken.ts';

const refusalOf = (status: string, details: string) => ({
  status: 200,
  body: JSON.stringify({ status, pass: false, details: `${details} - https://license.example.com` }),
});
const unread = refusalOf('BAD REQUEST', 'The request could not be read');
const noProduct = refusalOf('NOT FOUND', 'The product was not found. Please check your product ID is correct');
const noKey = refusalOf('NOT FOUND', 'The supplied license key was not found. Please check your auth key is correct');

const lastOf = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value);

function judgeProducts(value: unknown) {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = listed.map((item) => (['string', 'number'].includes(typeof item) ? String(item) : null));
  const items = texts.flatMap((text) => text?.match(/[^\s,[\]"']+/g) ?? []);
  if (texts.includes(null) || items.length === 0 || items.length > 100) return { refusal: unread, asked: [] };
  const asked = items.map(wholeNumberIn).filter((id) => id !== null);
  if (asked.includes(7)) return { refusal: null, asked };
  return { refusal: asked.includes(9) && !asked.includes(8) ? noKey : noProduct, asked };
}

export const faxstore: Spoken = {
  fields: {
    info: ({ info }) => info,
    log: ({ quiet }) => quiet,
    proIds: ({ guildReference: reference }) => reference.by === 'product' && reference.productIds,
  },
  required: ['proIds'],
  request: (fields) => ({
    path: '/api/check/multiple',
    headers: { authorization: goldenKey, 'content-type': 'application/json' },
    body: { info: 'server 1', log: true, proIds: [7], ...fields },
  }),
  judge: (field, value) => {
    if (field === 'proIds') return judgeProducts(value);
    const said = lastOf(value);
    if (field === 'info') return { refusal: null, asked: noteIn(said) };
    const word = typeof said === 'string' ? said.trim().toLowerCase() : said;
    return { refusal: null, asked: [false, 0, 'false', '0'].some((off) => off === word) };
  },
  isRefusal: ({ status, body }) => status === 200 && body.includes('"pass":false'),
};
