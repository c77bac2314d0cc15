import type { Protocol } from './attempt.ts';
import type { CheckRequest } from './check-request.ts';
import type { Decision, GrantWrites, NewAttempt } from './decision.ts';
import type { ProductReader, Snapshot } from './snapshot.ts';
import { activationEnd } from './expiry.ts';
import { keySuffix } from './key-format.ts';
import type { License } from './license.ts';
import { spendPoint } from './points.ts';
import type { Product } from './product.ts';
import { type Check, guarded, type Objection, type Rule } from './rules.ts';
import type { Settings } from './settings.ts';
import { slotWrites } from './slots.ts';
import { cutText } from './text.ts';

/** How one protocol checks a request: its rules in their order, and which product and address they are about. */
export interface CheckDefinition {
  readonly protocol: Protocol;
  readonly rules: readonly Rule[];
  /**
   * The product that the request is about; null: not found, or not named. Where it names several, the license decides.
   */
  readonly findProduct: (request: CheckRequest, products: ProductReader, license: License | null) => Product | null;
  /** The address that IP limits count: the declared or the observed one. */
  readonly limitedIp: (request: CheckRequest, settings: Settings) => string | null;
  /** The protocol's rules check validation points, and a grant spends one. */
  readonly spendsPoints?: true;
}

const maxTextLength = 1024;

/** The same protocol for requests from a guarded address; what it refuses for that is not stored. */
export function underGuard(definition: CheckDefinition): CheckDefinition {
  return { ...definition, rules: [guarded, ...definition.rules] };
}

/** Asks this rule alone: what it lets pass is denied as `rate-limited`, and nothing is stored of that. */
export function screenedBy(rule: Rule, definition: CheckDefinition): CheckDefinition {
  return { ...definition, rules: [rule, () => ({ denial: 'rate-limited', detail: null, entry: null })] };
}

/** Runs the protocol's rules over the snapshot. The first objection denies the request. Pure. */
export function decide(definition: CheckDefinition, request: CheckRequest, snapshot: Snapshot): Decision {
  const check = createCheck(definition, request, snapshot);
  const objection = firstObjection(definition.rules, check);
  if (objection) {
    const { denial, detail, entry } = objection;
    return {
      outcome: { result: 'denied', denial, detail },
      // A request that the guard rejects is no attempt, so nothing is stored of it.
      attempt: denial === 'rate-limited' ? null : { ...attemptOf(check), result: denial },
      writes: null,
      blacklistHit: entry?.id ?? null,
    };
  }
  return grant(check, definition.spendsPoints === true);
}

function createCheck(definition: CheckDefinition, request: CheckRequest, snapshot: Snapshot): Check {
  const { bundle, license } = snapshot;
  const product = license && bundle.products.byId(license.productId);
  return {
    request,
    snapshot,
    ip: definition.limitedIp(request, bundle.settings),
    licensed: license && product && !product.deletedAt ? { license, product } : null,
    product: definition.findProduct(request, bundle.products, license),
  };
}

function firstObjection(rules: readonly Rule[], check: Check): Objection | null {
  for (const rule of rules) {
    const objection = rule(check);
    if (objection) return objection;
  }
  return null;
}

function grant(check: Check, spendsPoints: boolean): Decision {
  const { snapshot, licensed } = check;
  if (!licensed) throw new Error('The rules of this protocol let a request without a license pass.');
  const { guild, settings } = snapshot.bundle;
  // A staff license also runs programs whose product the guild does not have. The grant then names the license's
  // product.
  const product = check.product ?? licensed.product;
  const slots = slotWrites(check, licensed.license, licensed.product);
  const activation = activationOf(licensed.license, snapshot.now);
  const license: License = activation
    ? { ...licensed.license, activatedAt: activation.at, expiresAt: activation.expiresAt }
    : licensed.license;
  return {
    outcome: {
      result: 'granted',
      guild,
      settings,
      license,
      product,
      owner: snapshot.owner,
      customerId: snapshot.customerId,
    },
    attempt: {
      ...attemptOf(check),
      result: 'granted',
      productId: product.id,
      newBindings: slots.take.map(({ kind }) => kind),
    },
    writes: { ...slots, activation, points: spendsPoints ? spendPoint(license.points, snapshot.now) : null },
    blacklistHit: null,
  };
}

/**
 * The activation that this grant makes; null: none. The first grant activates a license. If staff then give it a
 * duration from activation, that duration starts with the next grant, and the instant of the first grant stays.
 */
function activationOf(license: License, now: Date): GrantWrites['activation'] {
  const start = license.expiresAt === null ? activationEnd(license.expiry, now) : null;
  if (license.activatedAt !== null && start === null) return null;
  return { at: license.activatedAt ?? now, expiresAt: start ?? license.expiresAt };
}

function attemptOf({ request, snapshot, product }: Check): Omit<NewAttempt, 'result'> {
  return {
    protocol: request.protocol,
    licenseId: snapshot.license?.id ?? null,
    productId: product?.id ?? null,
    product: cut(request.product),
    version: cut(request.version),
    keySuffix: request.key === null ? null : keySuffix(request.key),
    declaredIp: cut(request.declaredIp),
    observedIp: cutText(request.observedIp, maxTextLength),
    hwid: cut(request.hwid),
    mac: cut(request.mac),
    country: cut(request.country),
    userAgent: cut(request.userAgent),
    info: cut(request.info),
    newBindings: [],
    quiet: request.quiet,
  };
}

function cut(text: string | null): string | null {
  return text === null ? null : cutText(text, maxTextLength);
}
