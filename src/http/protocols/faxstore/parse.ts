import { isUtf8 } from 'node:buffer';
import type { CheckRequest } from '../../../domain/check-request.ts';
import { ownField } from '../../body.ts';
import { boundedText, lastOf, looseText, parseFields, parseQuery, wholeNumber } from '../../request-fields.ts';
import { decodeSegment } from '../../routing.ts';
import type { PlainRequest } from '../protocol.ts';

const unreadable = 'The request could not be read';
const maxProducts = 100;

/** The product's id is in the path. */
export function parseOne(request: PlainRequest): CheckRequest {
  const asked = decodeSegment(request.params.productId ?? '');
  return read(request, () => (asked === null ? null : [asked]));
}

/** `proIds` names the products. */
export function parseMultiple(request: PlainRequest): CheckRequest {
  return read(request, (field) => readList(field('proIds')));
}

/** As the client wrote it. */
type Id = string | number;
type FieldReader = (name: string) => unknown;

function read(
  { query, headers, body, observedIp, country }: PlainRequest,
  readAsked: (field: FieldReader) => readonly Id[] | null,
): CheckRequest {
  const asides = parseQuery(query);
  const fields = parseFields(body, headers['content-type']);
  const field: FieldReader = (name) => ownField(fields ?? {}, name) ?? ownField(asides ?? {}, name);
  const asked = readAsked(field);
  return {
    protocol: 'faxstore',
    guildReference: { by: 'product', productIds: (asked ?? []).map(wholeNumber).filter((id) => id !== null) },
    key: keyOf(headers.authorization),
    product: looseText(asked?.join(',')),
    version: null,
    branch: null,
    customerId: null,
    scope: null,
    challenge: null,
    declaredIp: null,
    observedIp,
    hwid: null,
    mac: null,
    country,
    userAgent: headers['user-agent'] ?? null,
    info: looseText(lastOf(field('info'))),
    malformed: asides && fields && asked ? null : unreadable,
    quiet: isOff(lastOf(field('log'))),
  };
}

/** The raw key, or behind the word `Bearer`. Headers are bytes: keys with other letters come as UTF-8. */
function keyOf(authorization: string | undefined): string | null {
  const bytes = Buffer.from(authorization ?? '', 'latin1');
  const text = isUtf8(bytes) ? bytes.toString() : authorization;
  return boundedText(text?.trim().replace(/^bearer\s+/i, ''));
}

/** Ids as a list, one by one, or several in a text: `6,9`, `[8, 16]`. What is no number is the id of no product. */
function readList(value: unknown): readonly Id[] | null {
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
