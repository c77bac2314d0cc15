import type { CheckRequest } from '../../../domain/check-request.ts';
import { type JsonObject, ownField } from '../../body.ts';
import { boundedText, looseText, parseFields, wholeNumber } from '../../request-fields.ts';
import type { PlainRequest } from '../protocol.ts';

const required = ['licenseKey', 'productId', 'hwid'] as const;
/** What a client may leave out, but not get wrong: limits count them. */
const optional = ['ip', 'macAddress'] as const;
/** For staff to read. */
const told = ['operatingSystem', 'operatingSystemVersion', 'operatingSystemArchitecture', 'javaVersion'] as const;

export function parse({ headers, body, observedIp, country }: PlainRequest): CheckRequest {
  const fields = parseFields(body, headers['content-type']) ?? {};
  const text = (name: string) => boundedText(ownField(fields, name));
  const productId = wholeNumber(ownField(fields, 'productId'));
  const info = told.flatMap((name) => {
    const value = looseText(ownField(fields, name));
    return value === null ? [] : [`${name}: ${value}`];
  });
  return {
    protocol: 'sunlicense',
    guildReference: { by: 'product', productIds: productId === null ? [] : [productId] },
    key: text('licenseKey'),
    product: looseText(ownField(fields, 'productId')),
    version: looseText(ownField(fields, 'productVersion')),
    branch: null,
    customerId: null,
    scope: null,
    challenge: null,
    declaredIp: text('ip'),
    observedIp,
    hwid: text('hwid'),
    mac: text('macAddress'),
    country,
    userAgent: headers['user-agent'] ?? null,
    info: looseText(info.join(', ')),
    malformed: mistakeIn(fields),
    quiet: false,
  };
}

export function describeMistake(field: (typeof required)[number] | (typeof optional)[number]): string {
  return `Missing or invalid field: ${field}`;
}

function mistakeIn(fields: JsonObject): string | null {
  const wrong =
    required.find((name) => {
      const value = ownField(fields, name);
      return (name === 'productId' ? wholeNumber(value) : boundedText(value)) === null;
    }) ?? optional.find((name) => !isLeftOut(ownField(fields, name)) && boundedText(ownField(fields, name)) === null);
  return wrong === undefined ? null : describeMistake(wrong);
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
