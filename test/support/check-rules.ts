import { isSeenWithin } from '../../src/domain/binding.ts';
import type { DecisionRule, GrantWrites, NewAttempt, RecordedDecision } from '../../src/domain/decision.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { Denial } from '../../src/domain/denial.ts';
import { isExpired } from '../../src/domain/expiry.ts';
import type { BindingKind } from '../../src/domain/limits.ts';

// Minimal rules for tests of what a store does with a decision.

const noWrites: GrantWrites = {
  take: [],
  refresh: [],
  observed: [],
  activation: null,
  points: null,
  replacements: null,
};

function attemptOf({ license }: Snapshot, own: Partial<NewAttempt>): NewAttempt {
  return {
    protocol: 'tki',
    result: 'granted',
    licenseId: license?.id ?? null,
    productId: license?.productId ?? null,
    product: 'Vault',
    version: null,
    branch: null,
    scope: null,
    keySuffix: license?.keySuffix ?? null,
    declaredIp: null,
    observedIp: '203.0.113.5',
    countedIp: 'observed',
    hwid: null,
    mac: null,
    country: null,
    userAgent: null,
    info: null,
    newBindings: [],
    replaced: null,
    quiet: false,
    ...own,
  };
}

export function grant(
  snapshot: Snapshot,
  writes: Partial<GrantWrites> = {},
  own: Partial<NewAttempt> = {},
): RecordedDecision {
  const { bundle, license, owner } = snapshot;
  const product = license && bundle.products.byId(license.productId);
  if (!license || !product) return deny(snapshot, 'license-unknown', own);
  const { guild, settings } = bundle;
  return {
    recorded: true,
    outcome: {
      result: 'granted',
      guild,
      settings,
      license,
      product,
      mainProduct: product,
      products: [],
      owner: owner(),
      helpers: [],
    },
    attempt: attemptOf(snapshot, own),
    writes: { ...noWrites, ...writes },
    blacklistHit: null,
  };
}

export function deny(snapshot: Snapshot, denial: Denial, own: Partial<NewAttempt> = {}): RecordedDecision {
  return {
    recorded: true,
    outcome: { result: 'denied', denial, detail: null },
    attempt: attemptOf(snapshot, { result: denial, ...own }),
    writes: null,
    blacklistHit: null,
  };
}

/** Grants any license that is there. */
export const grantRule = (snapshot: Snapshot): RecordedDecision => grant(snapshot);

/** Denies suspended and expired licenses, and grants all others. */
export const stateRule: DecisionRule = (snapshot) => {
  if (snapshot.license && snapshot.license.holds.length > 0) return deny(snapshot, 'suspended');
  if (snapshot.license && isExpired(snapshot.license.expiresAt, snapshot.now)) return deny(snapshot, 'expired');
  return grant(snapshot);
};

/** Grants known values, and new ones while a slot is free. `forgetAfterMs` null: values are never forgotten. */
export function slotRule(value: string, limit: number, forgetAfterMs: number | null = null): DecisionRule {
  return (snapshot) => {
    const kind: BindingKind = 'hwid';
    const { slots, now } = snapshot;
    const forgetBefore = forgetAfterMs === null ? null : new Date(now.getTime() - forgetAfterMs);
    const slot = slots.find(kind, value);
    const isTimedOut = slot !== null && !isSeenWithin(slot.lastSeenAt, forgetBefore, now);
    if (slot && !slot.releasedAt && !isTimedOut)
      return grant(snapshot, { refresh: [{ kind, value }] }, { hwid: value });
    if (slots.hasLive(kind, limit, forgetBefore)) return deny(snapshot, 'hwid-limit', { hwid: value });
    return grant(snapshot, { take: [{ kind, value, forgetBefore }] }, { hwid: value, newBindings: [kind] });
  };
}

/** Grants, and observes a value of a kind that is unlimited. */
export function observedRule(value: string): DecisionRule {
  return (snapshot) => grant(snapshot, { observed: [{ kind: 'hwid', value }] }, { hwid: value });
}
