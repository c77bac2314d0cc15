import type { CheckRequest } from '../../../domain/check-request.ts';
import { isSignableChallenge } from '../../../domain/values/challenge.ts';
import { parseHexId } from '../../../domain/values/ids.ts';
import { normaliseKey } from '../../../domain/values/key-format.ts';
import { type JsonObject, ownField } from '../../body.ts';
import { parseFields, parseQuery } from '../../request-fields.ts';
import { decodeSegment } from '../../routing.ts';
import type { PlainRequest } from '../protocol.ts';
import { emptyCheckRequest } from '../empty-check-request.ts';

const options = ['scope', 'challenge', 'metadata'] as const;
const maxOptionLength = 1_000;

export const schemaError = 'INVALID_REQUEST_SCHEMA';

export function parse(plain: PlainRequest): CheckRequest {
  const { params } = plain;
  const userId = parseHexId(decodeSegment(params.userId ?? '') ?? '');
  const key = decodeSegment(params.licenseKey ?? '');
  const fields = fieldsOf(plain);
  const text = (name: (typeof options)[number]) => (fields === null ? null : textOf(fields, name));
  // An empty challenge is not signed.
  const challenge = text('challenge');
  const note = text('metadata')?.trim() ?? '';
  const isValid =
    userId !== null &&
    key !== null &&
    fields !== null &&
    options.every((name) => isValidOption(fields, name)) &&
    (challenge === null || isSignableChallenge(challenge));
  return {
    ...emptyCheckRequest(plain),
    protocol: 'licensegate',
    guildReference: { by: 'user', userId: userId ?? '' },
    // A text that cannot be a key is looked up as none, because no license has it.
    key: key === null ? null : normaliseKey(key),
    // The collation of its database does not tell letter case apart.
    ignoresKeyCase: true,
    scope: text('scope'),
    challenge: challenge === '' ? null : challenge,
    info: note === '' ? null : note,
    malformed: isValid ? null : schemaError,
  };
}

/**
 * The options of a request: a POST has them in its body, and no other field there; other methods have them in the query,
 * where other fields are ignored. null: they cannot be read.
 */
function fieldsOf({ method, query, headers, body }: PlainRequest): JsonObject | null {
  if (body.type !== 'bytes') return null;
  if (method !== 'POST') return parseQuery(query);
  const fields = parseFields(body, headers['content-type']);
  const known: readonly string[] = options;
  return fields && Object.keys(fields).every((name) => known.includes(name)) ? fields : null;
}

function isValidOption(fields: JsonObject, name: string): boolean {
  return ownField(fields, name) === undefined || textOf(fields, name) !== null;
}

/**
 * An option's text; null: absent or wrong. NUL and lone surrogates are rejected: stores would change such a text, and a
 * lone surrogate has no UTF-8 to sign.
 */
function textOf(fields: JsonObject, name: string): string | null {
  const value = ownField(fields, name);
  if (typeof value !== 'string' || value.length > maxOptionLength) return null;
  return value.isWellFormed() && !value.includes('\0') ? value : null;
}
