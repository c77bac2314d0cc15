import type { CheckRequest } from '../../../domain/check-request.ts';
import { parseHexId } from '../../../domain/ids.ts';
import { normaliseKey } from '../../../domain/key-format.ts';
import { type JsonObject, ownField } from '../../body.ts';
import { parseFields, parseQuery } from '../../request-fields.ts';
import { decodeSegment } from '../../routing.ts';
import type { PlainRequest } from '../protocol.ts';

const options = ['scope', 'challenge', 'metadata'] as const;
const maxOptionLength = 1_000;

export const schemaError = 'INVALID_REQUEST_SCHEMA';

export function parse(plain: PlainRequest): CheckRequest {
  const { params, headers, observedIp, country } = plain;
  const userId = parseHexId(decodeSegment(params.userId ?? '') ?? '');
  const key = decodeSegment(params.licenseKey ?? '');
  const fields = fieldsOf(plain);
  const text = (name: (typeof options)[number]) => (fields === null ? null : textOf(fields, name));
  // An empty one is not signed.
  const challenge = text('challenge');
  const note = text('metadata')?.trim() ?? '';
  const isUnderstood =
    userId !== null && key !== null && fields !== null && options.every((name) => isSound(fields, name));
  return {
    protocol: 'licensegate',
    guildReference: { by: 'user', userId: userId ?? '' },
    // No license has a key that cannot be one.
    key: key === null ? null : normaliseKey(key),
    product: null,
    version: null,
    branch: null,
    customerId: null,
    scope: text('scope'),
    challenge: challenge === '' ? null : challenge,
    declaredIp: null,
    observedIp,
    hwid: null,
    mac: null,
    country,
    userAgent: headers['user-agent'] ?? null,
    info: note === '' ? null : note,
    malformed: isUnderstood ? null : schemaError,
    quiet: false,
  };
}

/** Of a POST the body's and nothing else, else the query's, where others are ignored. null: cannot be read. */
function fieldsOf({ method, query, headers, body }: PlainRequest): JsonObject | null {
  if (body.type !== 'bytes') return null;
  if (method !== 'POST') return parseQuery(query);
  const fields = parseFields(body, headers['content-type']);
  const known: readonly string[] = options;
  return fields && Object.keys(fields).every((name) => known.includes(name)) ? fields : null;
}

function isSound(fields: JsonObject, name: string): boolean {
  return ownField(fields, name) === undefined || textOf(fields, name) !== null;
}

/** null: absent or wrong. NUL and lone surrogates are no text: stores would change it, and UTF-8 has none to sign. */
function textOf(fields: JsonObject, name: string): string | null {
  const value = ownField(fields, name);
  if (typeof value !== 'string' || value.length > maxOptionLength) return null;
  return value.isWellFormed() && !value.includes('\0') ? value : null;
}
