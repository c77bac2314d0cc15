import type { CheckRequest } from '../../domain/check-request.ts';
import type { PlainRequest } from './protocol.ts';

/** A check in which the client says nothing: a parser adds the fields that its system's requests have. */
export function emptyCheckRequest({
  headers,
  observedIp,
  country,
}: PlainRequest): Omit<CheckRequest, 'protocol' | 'guildReference'> {
  return {
    key: null,
    ignoresKeyCase: false,
    product: null,
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
    info: null,
    malformed: null,
    quiet: false,
  };
}
