import type { CheckRequest } from '../../../domain/check-request.ts';
import { type JsonObject, ownField } from '../../body.ts';
import { boundedText, looseText, parseFields, wholeNumber } from '../../request-fields.ts';
import type { PlainRequest } from '../protocol.ts';
import { emptyCheckRequest } from '../empty-check-request.ts';

const required = ['licenseKey', 'productId', 'hwid'] as const;
/** A client may omit these, but not send anything else than a text: limits count them. */
const optional = ['ip', 'macAddress'] as const;
/** Recorded for staff to read. */
const infoFields = ['operatingSystem', 'operatingSystemVersion', 'operatingSystemArchitecture', 'javaVersion'] as const;

export function parse(plain: PlainRequest): CheckRequest {
  const { headers, body } = plain;
  const fields = parseFields(body, headers['content-type']) ?? {};
  const text = (name: string) => boundedText(ownField(fields, name));
  const productId = wholeNumber(ownField(fields, 'productId'));
  const info = infoFields.flatMap((name) => {
    const value = looseText(ownField(fields, name));
    return value === null ? [] : [`${name}: ${value}`];
  });
  return {
    ...emptyCheckRequest(plain),
    protocol: 'sunlicense',
    guildReference: { by: 'product', productIds: productId === null ? [] : [productId] },
    key: text('licenseKey'),
    product: looseText(ownField(fields, 'productId')),
    version: looseText(ownField(fields, 'productVersion')),
    declaredIp: text('ip'),
    hwid: text('hwid'),
    mac: text('macAddress'),
    info: looseText(info.join(', ')),
    malformed: validationError(fields),
  };
}

export function describeInvalidField(field: (typeof required)[number] | (typeof optional)[number]): string {
  return `Missing or invalid field: ${field}`;
}

function validationError(fields: JsonObject): string | null {
  const invalid =
    required.find((name) => {
      const value = ownField(fields, name);
      return (name === 'productId' ? wholeNumber(value) : boundedText(value)) === null;
    }) ?? optional.find((name) => !isOmitted(ownField(fields, name)) && boundedText(ownField(fields, name)) === null);
  return invalid === undefined ? null : describeInvalidField(invalid);
}

function isOmitted(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
