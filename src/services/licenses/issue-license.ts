import { actorText } from '../../domain/actor.ts';
import type { NewAuditEvent } from '../../domain/audit.ts';
import { dayMs } from '../../domain/values/calendar.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import { parseExpiry } from '../../domain/expiry.ts';
import { readText } from '../../domain/values/read-fields.ts';
import { generateKey, keyFormatOf, normaliseKey } from '../../domain/values/key-format.ts';
import type { License } from '../../domain/license.ts';
import { noPoints } from '../../domain/points.ts';
import { inheritedLimits } from '../../domain/limits.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { type DailyLimit, maxLicensesAtOnce, type NewLicense } from '../../storage/port/licenses.ts';
import type { Trail } from '../../storage/port/trail.ts';
import type { ServiceContext } from '../context.ts';
import {
  combineResults,
  readDiscordId,
  readEnding,
  readFeatures,
  readForgetAfter,
  readLimits,
  readMetadata,
  readPoints,
} from '../read-input.ts';
import { auditEvent, roleEffects, sendKeys } from '../trail.ts';
import { readProducts } from './edit-products.ts';
import { maxKeyTries, noFreeKeyError } from './new-key.ts';
import type { Issued, IssueInput, LicenseService } from './license-service.ts';
import { takeOverKey } from './take-over-key.ts';

/** The most licenses that one call makes; slash commands allow fewer. */
const maxAmount = 100_000;
/**
 * How many one commit makes of more licenses than one commit can make. On the embedded store checks wait for each commit:
 * one of 250 takes 33 ms of the processor, because it writes over 700 pages, and one of 50 takes 4.
 */
const licensesPerCommit = 50;

type Draft = Omit<NewLicense, 'key'>;

export function createIssueLicense(context: ServiceContext): Pick<LicenseService, 'issue'> {
  const { storage, clock, randomBytes } = context;

  async function issue(input: IssueInput): Promise<Result<Issued, CommandError>> {
    const bundle = await storage.bundle(input.guildId);
    if (!bundle) return fail({ code: 'guild-not-found', guildId: input.guildId });
    const amount = input.amount ?? 1;
    // An actor with a daily limit makes all licenses in one commit, because the limit must reject all or none.
    const max = input.mayManage ? maxAmount : maxLicensesAtOnce;
    if (!(Number.isInteger(amount) && amount >= 1 && amount <= max)) return fail({ code: 'amount-invalid', max });
    if (input.key !== undefined && amount !== 1) return fail({ code: 'key-needs-amount-one' });
    if (input.staff && !input.mayManage) return fail({ code: 'staff-needs-manage-server' });
    const read = readProducts(bundle, input);
    if (!read.ok) return read;
    const { product, furtherProducts, ...productFields } = read.value;
    const products = { product, furtherProducts };
    const draft = readDraft(input, productFields, product.term, clock());
    if (!draft.ok) return draft;
    const { customerId } = draft.value;
    const isUnknown = customerId !== null && !(await storage.customer(input.guildId, { id: customerId }));
    if (isUnknown) return fail({ code: 'customer-not-found' });
    const duplicate = await findDuplicate(input, draft.value);
    if (duplicate) return fail(duplicate);
    if (input.key !== undefined) {
      const key = normaliseKey(input.key);
      if (key === null) return fail({ code: 'key-invalid' });
      return takeOverKey(context, input, key, () => issueSupplied(input, bundle, products, draft.value, key));
    }
    return issueGenerated(input, bundle, products, draft.value, amount);
  }

  /** A second license for the same order and one of the products is rarely intended: the actor has to confirm it. */
  async function findDuplicate(input: IssueInput, draft: Draft): Promise<CommandError | null> {
    const { order } = draft;
    if (order === null || input.confirmed) return null;
    for (const productId of [draft.productId, ...draft.furtherProductIds]) {
      const [license] = await storage.licenses(input.guildId, { productId, order }, { limit: 1, beforeId: null });
      if (license) return { code: 'duplicate-order', order, licenseId: license.id };
    }
    return null;
  }

  async function issueSupplied(
    input: IssueInput,
    bundle: Bundle,
    products: Pick<Issued, 'product' | 'furtherProducts'>,
    draft: Draft,
    key: string,
  ): Promise<Result<Issued, CommandError>> {
    const made = await storage.createLicenses(
      input.guildId,
      [{ ...draft, key }],
      trailOf(input),
      dailyLimit(input, bundle),
      input.claim,
    );
    if ('claimed' in made) return fail({ code: 'trial-used', product: products.product.name });
    if ('taken' in made) {
      const { id, deletedAt } = made.taken.holder;
      return fail({ code: 'key-taken', licenseId: id, deleted: deletedAt !== null });
    }
    if ('dailyLimit' in made) return fail({ code: 'daily-limit', ...made.dailyLimit });
    const issued = made.licenses.map((license) => ({ license, key }));
    return succeed({ issued, ...products, effectIds: made.effectIds });
  }

  async function issueGenerated(
    input: IssueInput,
    bundle: Bundle,
    products: Pick<Issued, 'product' | 'furtherProducts'>,
    draft: Draft,
    amount: number,
  ): Promise<Result<Issued, CommandError>> {
    const issued: { license: License; key: string }[] = [];
    const effectIds: number[] = [];
    // Up to 250 are made all or none. Of more, the owner gets one message for each commit, so there are as few as possible.
    const isOneCommit = amount <= maxLicensesAtOnce;
    const perCommit = isOneCommit || sendsKeys(input, draft.ownerId) ? maxLicensesAtOnce : licensesPerCommit;
    while (issued.length < amount) {
      const count = Math.min(perCommit, amount - issued.length);
      try {
        const made = await issueBatch(input, bundle, draft, count);
        if ('claimed' in made) return fail({ code: 'trial-used', product: products.product.name });
        if ('dailyLimit' in made) return fail({ code: 'daily-limit', ...made.dailyLimit });
        issued.push(...made.issued);
        effectIds.push(...made.effectIds);
      } catch (error) {
        // The licenses of earlier commits exist, and only this call knows their keys, so they are returned.
        if (issued.length === 0 || !(error instanceof Error)) throw error;
        return succeed({ issued, ...products, effectIds, cutShort: error.message });
      }
    }
    return succeed({ issued, ...products, effectIds });
  }

  /** Makes the licenses of one commit. Short formats may generate taken keys; then all keys are generated again. */
  async function issueBatch(input: IssueInput, bundle: Bundle, draft: Draft, count: number) {
    for (let tries = 0; tries < maxKeyTries; tries++) {
      const keys = newKeys(bundle, count);
      const drafts = keys.map((key) => ({ ...draft, key }));
      const daily = dailyLimit(input, bundle);
      const made = await storage.createLicenses(input.guildId, drafts, trailOf(input), daily, input.claim);
      if ('taken' in made) continue;
      if ('dailyLimit' in made || 'claimed' in made) return made;
      const issued = made.licenses.map((license, index) => ({ license, key: keys[index] ?? '' }));
      return { issued, effectIds: made.effectIds };
    }
    throw noFreeKeyError();
  }

  /** As many different keys of the guild's format. Throws where the format has hardly any left. */
  function newKeys({ settings }: Bundle, count: number): readonly string[] {
    const format = keyFormatOf(settings);
    const keys = new Set<string>();
    for (let tries = 0; tries < count + maxKeyTries && keys.size < count; tries++) {
      keys.add(generateKey(format, randomBytes));
    }
    if (keys.size < count) throw noFreeKeyError();
    return [...keys];
  }

  function dailyLimit({ actor, mayManage }: IssueInput, { settings }: Bundle): DailyLimit | null {
    if (mayManage || actor.type !== 'user') return null;
    return { actor, since: new Date(clock().getTime() - dayMs), max: settings['issue.perStaffPerDay'] };
  }

  return { issue };
}

function readDraft(
  input: IssueInput,
  products: Pick<License, 'productId' | 'furtherProductIds' | 'allProducts'>,
  term: string | null,
  now: Date,
): Result<Draft, CommandError> {
  const ending = readEnding(input.expires ?? term ?? 'never', (text) => {
    const parsed = parseExpiry(text, now);
    return parsed.ok ? parsed : fail({ code: 'invalid-expiry', problem: parsed.error });
  });
  if (!ending.ok) return ending;
  const read = combineResults({
    name: readText('name', input.name ?? null),
    note: readText('note', input.note ?? null),
    order: readText('order', input.order ?? null),
    ownerId: readDiscordId('user', input.ownerId ?? null),
    limits: readLimits(inheritedLimits, input.limits),
    forgetAfter: readForgetAfter(inheritedLimits, input.forgetAfter),
    scope: readText('scope', input.scope ?? null),
    points: readPoints(noPoints, input.points, now),
    features: readFeatures([], input.features),
    metadata: readMetadata([], input.metadata),
  });
  if (!read.ok) return read;
  return succeed({
    ...read.value,
    ...ending.value,
    ...products,
    customerId: read.value.ownerId === null ? (input.customerId ?? null) : null,
    helperIds: [],
    helpersSeeKey: false,
    staff: input.staff ?? false,
    holds: input.suspended ? [{ kind: 'staff', at: now, reason: input.reason ?? null }] : [],
    switchedOff: input.switchedOff ?? false,
    createdBy: actorText(input.actor),
  });
}

/** Whether the owner is sent the keys. */
function sendsKeys({ silent }: IssueInput, ownerId: string | null): ownerId is string {
  return ownerId !== null && silent !== true;
}

function trailOf(input: IssueInput): (made: readonly License[]) => Trail {
  return (made) => {
    const ownerId = made[0]?.ownerId ?? null;
    const keys = sendsKeys(input, ownerId) ? [sendKeys(ownerId, 'issued', made)] : [];
    return { audit: issuedEvents(input, made), effects: [...keys, ...roleEffects(ownerId)] };
  };
}

/** One event, also for many licenses: they differ in nothing but their keys. */
function issuedEvents(input: IssueInput, made: readonly License[]): readonly NewAuditEvent[] {
  const [first] = made;
  if (!first) return [];
  const details = {
    product: first.productId,
    ...(first.furtherProductIds.length > 0 && { furtherProductIds: first.furtherProductIds }),
    ...(first.allProducts && { allProducts: true }),
    owner: first.ownerId,
    ...(first.staff && { staff: true }),
    ...(input.claim !== undefined && { trial: true }),
    ...(first.holds.length > 0 && { suspended: true }),
    ...(first.switchedOff && { off: true }),
    ...(first.order !== null && { order: first.order }),
  };
  if (made.length === 1) return [auditEvent(input, 'license.issued', `license:${first.id}`, details)];
  const licenses = made.map(({ id }) => id);
  return [auditEvent(input, 'license.issued', 'licenses', { ...details, count: made.length, licenses })];
}
