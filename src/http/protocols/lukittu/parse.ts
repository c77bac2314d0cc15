import type { CheckRequest } from '../../../domain/check-request.ts';
import { parseUuid } from '../../../domain/ids.ts';
import { parseJsonObject } from '../../body.ts';
import { decodeSegment } from '../../routing.ts';
import type { PlainRequest } from '../protocol.ts';
import { keyForm, readPayload } from './schema.ts';

export function createParse(options: { readonly needsHwid: boolean }): (plain: PlainRequest) => CheckRequest {
  return ({ params, headers, body, observedIp, country }) => {
    const teamId = parseUuid(decodeSegment(params.teamId ?? '') ?? '');
    const json = parseJsonObject(body);
    const { value, error } = readPayload(json ?? {}, options);
    return {
      protocol: 'lukittu',
      guildReference: { by: 'team', teamId: teamId ?? '' },
      key: value('licenseKey'),
      product: value('productId'),
      version: value('version'),
      branch: value('branch'),
      customerId: value('customerId'),
      scope: null,
      challenge: value('challenge'),
      declaredIp: null,
      observedIp,
      hwid: value('hardwareIdentifier'),
      mac: null,
      country,
      userAgent: headers['user-agent'] ?? null,
      info: null,
      malformed: json === null ? 'Invalid JSON payload' : teamId === null ? 'Invalid team UUID' : error,
      quiet: false,
    };
  };
}

/** Whether only a guild whose keys look otherwise, or that was brought some, can take it for a key. */
export function hasForeignKey({ key }: CheckRequest): boolean {
  return key !== null && !keyForm.test(key);
}
