import type { Protocol } from './attempt.ts';
import type { CheckRequest } from './check-request.ts';
import type { AttemptResult, Denial } from './denial.ts';
import type { Decision, GrantWrites, NewAttempt, RecordedDecision } from './decision.ts';
import type { ProductReader, Snapshot } from './snapshot.ts';
import { activationEnd } from './expiry.ts';
import { keySuffix } from './values/key-format.ts';
import { type License, maxFurtherProducts } from './license.ts';
import { productsOf } from './license-products.ts';
import { spendPoint } from './points.ts';
import type { Product } from './product.ts';
import { type Check, holdsSlot, type Rule } from './rules.ts';
import type { Settings } from './settings/settings.ts';
import { slotWrites } from './slots/slots.ts';
import { cutText } from './values/text.ts';

/** How one protocol checks: its rules in their order, and what it looks at. `D`: the denials of its rules. */
export interface CheckDefinition<D extends Denial = Denial> {
  readonly protocol: Protocol;
  readonly rules: readonly Rule<D>[];
  /** The product that the request is about; null: not found, or none named. The license may choose among several. */
  readonly findProduct: (request: CheckRequest, products: ProductReader, license: License | null) => Product | null;
  /** The address that IP limits count: the declared or the observed one. */
  readonly limitedIp: (request: CheckRequest, settings: Settings) => string | null;
  /** The protocol's rules check validation points, and a grant spends one. */
  readonly spendsPoints?: true;
  /** Whether the answer to a grant shows the license's products in a guild with these settings; left out: it never does. */
  readonly showsProducts?: (settings: Settings) => boolean;
  /** Whether the answer to a grant shows the owner's name in a guild with these settings; left out: it never does. */
  readonly showsOwner?: (settings: Settings) => boolean;
}

/** The denials of a definition's rules. */
export type DenialOf<C extends CheckDefinition> = C extends CheckDefinition<infer D> ? D : never;

const maxTextLength = 1024;
const noTakes: GrantWrites['take'] = [];

/** The definition as it is, with the denials of its rules in its type. */
export function defineCheck<D extends Denial>(definition: CheckDefinition<D>): CheckDefinition<D> {
  return definition;
}

/** Runs the protocol's rules over the snapshot; the first objection denies. Pure. */
export function decide(definition: CheckDefinition, request: CheckRequest, snapshot: Snapshot): RecordedDecision {
  return decideCheck(definition, createCheck(definition, request, snapshot));
}

/** Whether a client that asks for this license is known. `isBound`: its machine holds a live slot of the license. */
export type IsKnown = (licenseId: number, isBound: () => boolean) => boolean;

/** As `decide`, but only clients that are known come to the rules; the outcome for any other is `not-known`. Pure. */
export function decideIfKnown(
  definition: CheckDefinition,
  request: CheckRequest,
  snapshot: Snapshot,
  isKnown: IsKnown,
): Decision {
  const check = createCheck(definition, request, snapshot);
  const { license } = snapshot;
  return license !== null && isKnown(license.id, () => holdsSlot(check))
    ? decideCheck(definition, check)
    : { recorded: false, outcome: { result: 'not-known' } };
}

/** Asks one rule alone: its objection denies as in `decide`, and without one nothing is decided yet. Pure. */
export function screen(rule: Rule, definition: CheckDefinition, request: CheckRequest, snapshot: Snapshot): Decision {
  const check = createCheck(definition, request, snapshot);
  return denyBy(rule, check) ?? { recorded: false, outcome: { result: 'screened' } };
}

function decideCheck(definition: CheckDefinition, check: Check): RecordedDecision {
  for (const rule of definition.rules) {
    const denied = denyBy(rule, check);
    if (denied) return denied;
  }
  return grant(definition, check);
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
    slotUses: { ip: undefined, hwid: undefined, mac: undefined },
    givingWay: {},
  };
}

/** null: the rule has no objection. */
function denyBy({ denial, objection }: Rule, check: Check): RecordedDecision | null {
  const against = objection(check);
  return (
    against && {
      recorded: true,
      outcome: { result: 'denied', denial, detail: against.detail },
      attempt: attemptOf(check, denial, check.product, noTakes),
      writes: null,
      blacklistHit: against.entryId,
    }
  );
}

function grant({ spendsPoints, showsOwner, showsProducts }: CheckDefinition, check: Check): RecordedDecision {
  const { snapshot, licensed } = check;
  if (!licensed) throw new Error('The rules of this protocol let a request without a license pass.');
  const { guild, settings } = snapshot.bundle;
  // A staff license also runs programs whose product the guild does not have. The grant then names the license's
  // product.
  const product = check.product ?? licensed.product;
  const isOwnerShown = showsOwner?.(settings) === true;
  const slots = slotWrites(check);
  const activation = activationOf(licensed.license, snapshot.now);
  const license: License = activation
    ? { ...licensed.license, activatedAt: activation.at, expiresAt: activation.expiresAt }
    : licensed.license;
  return {
    recorded: true,
    outcome: {
      result: 'granted',
      guild,
      settings,
      license,
      product,
      mainProduct: licensed.product,
      products: showsProducts?.(settings) === true ? shownProducts(check, product) : [],
      owner: isOwnerShown ? snapshot.owner() : null,
      helpers: isOwnerShown ? snapshot.helpers() : [],
    },
    attempt: attemptOf(check, 'granted', product, slots.take),
    writes: { ...slots, activation, points: spendsPoints ? spendPoint(license.points, snapshot.now) : null },
    blacklistHit: null,
  };
}

/**
 * The products of the license, at most as many as one can name; of a staff license that runs another one, that one
 * alone.
 */
function shownProducts({ snapshot, licensed }: Check, product: Product): readonly Product[] {
  const own = licensed ? productsOf(licensed.license, licensed.product, snapshot.bundle.products) : [];
  return own.includes(product) ? own.slice(0, 1 + maxFurtherProducts) : [product];
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

function attemptOf(
  { request, snapshot, ip }: Check,
  result: AttemptResult,
  product: Product | null,
  take: GrantWrites['take'],
): NewAttempt {
  const replaced = take.flatMap(({ kind, replaces = [] }) => replaces.map((value) => ({ kind, value })));
  return {
    protocol: request.protocol,
    result,
    licenseId: snapshot.license?.id ?? null,
    productId: product?.id ?? null,
    product: cut(request.product),
    version: cut(request.version),
    branch: cut(request.branch),
    scope: cut(request.scope),
    keySuffix: request.key === null ? null : keySuffix(request.key),
    declaredIp: cut(request.declaredIp),
    observedIp: cutText(request.observedIp, maxTextLength),
    countedIp: ip === null ? null : ip === request.declaredIp ? 'declared' : 'observed',
    hwid: cut(request.hwid),
    mac: cut(request.mac),
    country: cut(request.country),
    userAgent: cut(request.userAgent),
    info: cut(request.info),
    newBindings: take.map(({ kind }) => kind),
    replaced: replaced.length > 0 ? replaced : null,
    quiet: request.quiet,
  };
}

function cut(text: string | null): string | null {
  return text === null ? null : cutText(text, maxTextLength);
}
