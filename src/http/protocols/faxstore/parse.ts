import { isUtf8 } from 'node:buffer';
import type { CheckRequest } from '../../../domain/check-request.ts';
import { ownField } from '../../body.ts';
import { boundedText, lastOf, looseText, parseFields, parseQuery, wholeNumber } from '../../request-fields.ts';
import { decodeSegment } from '../../routing.ts';
import type { PlainRequest } from '../protocol.ts';
import { emptyCheckRequest } from '../empty-check-request.ts';

const unreadable = 'The request could not be read';
const maxProducts = 100;

/** The product's id is in the path. */
export function parseOne(request: PlainRequest): CheckRequest {
  const productId = decodeSegment(request.params.productId ?? '');
  return parse(request, () => (productId === null ? null : [productId]));
}

/** `proIds` names the products. */
export function parseMultiple(request: PlainRequest): CheckRequest {
  return parse(request, (field) => parseIds(field('proIds')));
}

/** A product's id as the client wrote it. */
type Id = string | number;
type FieldReader = (name: string) => unknown;

/** `readIds`: the ids of the products that the request is about; null: they cannot be read. */
function parse(request: PlainRequest, readIds: (field: FieldReader) => readonly Id[] | null): CheckRequest {
  const { query, headers, body } = request;
  const queryFields = parseQuery(query);
  const bodyFields = parseFields(body, headers['content-type']);
  const field: FieldReader = (name) => ownField(bodyFields ?? {}, name) ?? ownField(queryFields ?? {}, name);
  const ids = readIds(field);
  return {
    ...emptyCheckRequest(request),
    protocol: 'faxstore',
    guildReference: { by: 'product', productIds: (ids ?? []).map(wholeNumber).filter((id) => id !== null) },
    key: keyOf(headers.authorization),
    product: looseText(ids?.join(',')),
    info: looseText(lastOf(field('info'))),
    malformed: queryFields && bodyFields && ids ? null : unreadable,
    quiet: isOff(lastOf(field('log'))),
  };
}

/** The raw key, or the key behind the word `Bearer`. Headers are bytes: keys with letters beyond ASCII come as UTF-8. */
function keyOf(authorization: string | undefined): string | null {
  const bytes = Buffer.from(authorization ?? '', 'latin1');
  const text = isUtf8(bytes) ? bytes.toString() : authorization;
  return boundedText(text?.trim().replace(/^bearer\s+/i, ''));
}

/** Ids as a list, or several in a text: `6,9`, `[8, 16]`. A text that is no number is the id of no product. */
function parseIds(value: unknown): readonly Id[] | null {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!items.every(isId)) return null;
  const ids = items.flatMap<Id>((item) => (typeof item === 'string' ? splitIds(item) : item));
  return ids.length > 0 && ids.length <= maxProducts ? ids : null;
}

function isId(value: unknown): value is Id {
  return typeof value === 'string' || typeof value === 'number';
}

function splitIds(text: string): readonly string[] {
  return text.split(/[\s,[\]"']+/).filter((id) => id !== '');
}

function isOff(value: unknown): boolean {
  return value === false || value === 0 || (typeof value === 'string' && /^(?:false|0)$/i.test(value.trim()));
}
