import type { CheckRequest } from '../../../domain/check-request.ts';
import { asObject, type JsonObject, ownField, parseJsonObject } from '../../body.ts';
import type { PlainRequest } from '../protocol.ts';

export const missingFields =
  'Missing required fields: data.ip, data.hwid, data.product, data.version, or data.licensekey';

/** The HWID comes first, so that a wrong one is not taken for a missing one where another field is wrong too. */
const fields = ['hwid', 'ip', 'product', 'version', 'licensekey'] as const;
type Field = (typeof fields)[number];

const maxFieldLength = 1024;

export function parse({ headers, body, observedIp, country }: PlainRequest): CheckRequest {
  const json = parseJsonObject(body);
  const data = asObject(json && ownField(json, 'data')) ?? {};
  const text = (field: Field) => textOf(data, field);
  return {
    protocol: 'tki',
    guildReference: { by: 'api-key', secret: apiKeyOf(headers.authorization) },
    key: text('licensekey'),
    product: text('product'),
    version: text('version'),
    branch: null,
    customerId: null,
    scope: null,
    challenge: null,
    declaredIp: text('ip'),
    observedIp,
    hwid: text('hwid'),
    mac: null,
    country,
    userAgent: headers['user-agent'] ?? null,
    info: null,
    malformed: mistakeIn(data),
    quiet: false,
  };
}

/** The raw key, or behind the word `Bearer`. */
function apiKeyOf(authorization: string | undefined): string | null {
  const secret = authorization?.trim().replace(/^bearer\s+/i, '');
  return secret === undefined || secret === '' ? null : secret;
}

/** Missing comes before wrong. Whether a HWID may be missing is the guild's to say, and so a rule. */
function mistakeIn(data: JsonObject): string | null {
  if (fields.some((field) => field !== 'hwid' && isMissing(data, field))) return missingFields;
  const wrong = fields.find((field) => !isMissing(data, field) && textOf(data, field) === null);
  return wrong === undefined ? null : `Invalid field: data.${wrong}`;
}

function isMissing(data: JsonObject, field: Field): boolean {
  const value = ownField(data, field) ?? null;
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** null: missing or wrong. NUL and lone surrogates are no text: stores would change or cut it. */
function textOf(data: JsonObject, field: Field): string | null {
  const value = ownField(data, field);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const isText = text.length <= maxFieldLength && text.isWellFormed() && !text.includes('\0');
  return text !== '' && isText ? text : null;
}
