import type { CheckRequest, GuildReference } from '../domain/check-request.ts';
import type { CheckOutcome } from '../domain/decision.ts';

/**
 * The values of a request that name nothing in this installation, each after its kind (`key ABCDE`, `product 7`). The
 * guard counts them: a client that sends many different ones is guessing.
 */
export function unknownValues(outcome: CheckOutcome, { guildReference, key }: CheckRequest): readonly string[] {
  if (outcome.result === 'unknown-guild') {
    return referenceValues(guildReference).map((value) => `${guildReference.by} ${value}`);
  }
  return outcome.result === 'denied' && outcome.denial === 'license-unknown' ? [unknownKey(key)] : [];
}

/** A license key as the guard counts it. */
export function unknownKey(key: string | null): string {
  return `key ${key ?? ''}`;
}

/** An API key's secret as the guard counts it, on the routes of checks and of management alike. */
export function unknownApiKey(secret: string): string {
  return `api-key ${secret}`;
}

function referenceValues(reference: GuildReference): readonly (string | number)[] {
  switch (reference.by) {
    case 'api-key':
      return [reference.secret ?? ''];
    case 'team':
      return [reference.teamId];
    case 'user':
      return [reference.userId];
    case 'product':
      return reference.productIds;
  }
}
