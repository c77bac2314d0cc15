import type { CheckRequest } from '../../../domain/check-request.ts';
import { parseUuid } from '../../../domain/values/ids.ts';
import { parseJsonObject } from '../../body.ts';
import { decodeSegment } from '../../routing.ts';
import type { PlainRequest } from '../protocol.ts';
import { emptyCheckRequest } from '../empty-check-request.ts';
import { keyForm, readPayload } from './schema.ts';

export function createParse(options: { readonly needsHwid: boolean }): (plain: PlainRequest) => CheckRequest {
  return (plain) => {
    const { params, body } = plain;
    const teamId = parseUuid(decodeSegment(params.teamId ?? '') ?? '');
    const json = parseJsonObject(body);
    const { value, error } = readPayload(json ?? {}, options);
    return {
      ...emptyCheckRequest(plain),
      protocol: 'lukittu',
      guildReference: { by: 'team', teamId: teamId ?? '' },
      key: value('licenseKey'),
      product: value('productId'),
      version: value('version'),
      branch: value('branch'),
      customerId: value('customerId'),
      challenge: value('challenge'),
      hwid: value('hardwareIdentifier'),
      malformed: json === null ? 'Invalid JSON payload' : teamId === null ? 'Invalid team UUID' : error,
    };
  };
}

/** Whether the key has not this system's form, so that only a guild with keys of another form can know it. */
export function hasForeignKey({ key }: CheckRequest): boolean {
  return key !== null && !keyForm.test(key);
}
