import type { CheckRequest } from '../../../domain/check-request.ts';
import { asObject, type JsonObject, ownField, parseJsonObject } from '../../body.ts';
import type { PlainRequest } from '../protocol.ts';
import { emptyCheckRequest } from '../empty-check-request.ts';

export const missingFields =
  'Missing required fields: data.ip, data.hwid, data.product, data.version, or data.licensekey';

/** The HWID comes first: where another field is wrong too, a wrong HWID must not be reported as missing. */
const fields = ['hwid', 'ip', 'product', 'version', 'licensekey'] as const;
type Field = (typeof fields)[number];

const maxFieldLength = 1024;

export function parse(plain: PlainRequest): CheckRequest {
  const { headers, body } = plain;
  const json = parseJsonObject(body);
  const data = asObject(json && ownField(json, 'data')) ?? {};
  const text = (field: Field) => textOf(data, field);
  return {
    ...emptyCheckRequest(plain),
    protocol: 'tki',
    guildReference: { by: 'api-key', secret: apiKeyOf(headers.authorization) },
    key: text('licensekey'),
    product: text('product'),
    version: text('version'),
    declaredIp: text('ip'),
    hwid: text('hwid'),
    malformed: validationError(data),
  };
}

/** The raw API key, or the one behind the word `Bearer`. */
function apiKeyOf(authorization: string | undefined): string | null {
  const secret = authorization?.trim().replace(/^bearer\s+/i, '');
  return secret === undefined || secret === '' ? null : secret;
}

/** Missing fields are reported before wrong ones. Whether the HWID may be missing is a setting of the guild, so a rule. */
function validationError(data: JsonObject): string | null {
  if (fields.some((field) => field !== 'hwid' && isMissing(data, field))) return missingFields;
  const wrong = fields.find((field) => !isMissing(data, field) && textOf(data, field) === null);
  return wrong === undefined ? null : `Invalid field: data.${wrong}`;
}

function isMissing(data: JsonObject, field: Field): boolean {
  const value = ownField(data, field) ?? null;
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** A field's text; null: missing or wrong. NUL and lone surrogates are rejected: stores would change or cut such a text. */
function textOf(data: JsonObject, field: Field): string | null {
  const value = ownField(data, field);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const isText = text.length <= maxFieldLength && text.isWellFormed() && !text.includes('\0');
  return text !== '' && isText ? text : null;
}
