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
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { type DailyLimit, maxLicensesAtOnce, type NewLicense } from '../../storage/port/licenses.ts';
import type { Trail } from '../../storage/port/trail.ts';
import type { ServiceContext } from '../context.ts';
import { combineResults, readDiscordId, readEnding, readForgetAfter, readLimits, readPoints } from '../read-input.ts';
import { auditEvent, roleEffects, sendKeys } from '../trail.ts';
import { findProduct } from '../products/find-product.ts';
import { maxKeyTries, noFreeKeyError } from './new-key.ts';
import type { Issued, IssueInput, LicenseService } from './license-service.ts';
import { takeOverKey } from './take-over-key.ts';

/** The most licenses that one call makes; slash commands allow fewer. */
const maxAmount = 100_000;

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
    const product = findProduct(bundle, input.product);
    if (!product.ok) return product;
    const draft = readDraft(input, product.value, clock());
    if (!draft.ok) return draft;
    const { customerId } = draft.value;
    const isUnknown = customerId !== null && !(await storage.customer(input.guildId, { id: customerId }));
    if (isUnknown) return fail({ code: 'customer-not-found' });
    const duplicate = await findDuplicate(input, draft.value);
    if (duplicate) return fail(duplicate);
    if (input.key !== undefined) {
      const key = normaliseKey(input.key);
      if (key === null) return fail({ code: 'key-invalid' });
      return takeOverKey(context, input, key, () => issueSupplied(input, bundle, product.value, draft.value, key));
    }
    return issueGenerated(input, bundle, product.value, draft.value, amount);
  }

  /** A second license for the same order and product is rarely intended, so the actor has to confirm it. */
  async function findDuplicate(input: IssueInput, { order, productId }: Draft): Promise<CommandError | null> {
    if (order === null || input.confirmed) return null;
    const [license] = await storage.licenses(input.guildId, { productId, order }, { limit: 1, beforeId: null });
    return license ? { code: 'duplicate-order', order, licenseId: license.id } : null;
  }

  async function issueSupplied(
    input: IssueInput,
    bundle: Bundle,
    product: Product,
    draft: Draft,
    key: string,
  ): Promise<Result<Issued, CommandError>> {
    const made = await storage.createLicenses(
      input.guildId,
      [{ ...draft, key }],
      trailOf(input),
      dailyLimit(input, bundle),
    );
    if ('taken' in made) {
      const { id, deletedAt } = made.taken.holder;
      return fail({ code: 'key-taken', licenseId: id, deleted: deletedAt !== null });
    }
    if ('dailyLimit' in made) return fail({ code: 'daily-limit', ...made.dailyLimit });
    const issued = made.licenses.map((license) => ({ license, key }));
    return succeed({ issued, product, effectIds: made.effectIds });
  }

  async function issueGenerated(
    input: IssueInput,
    bundle: Bundle,
    product: Product,
    draft: Draft,
    amount: number,
  ): Promise<Result<Issued, CommandError>> {
    const issued: { license: License; key: string }[] = [];
    const effectIds: number[] = [];
    while (issued.length < amount) {
      const count = Math.min(maxLicensesAtOnce, amount - issued.length);
      try {
        const made = await issueBatch(input, bundle, draft, count);
        if ('dailyLimit' in made) return fail({ code: 'daily-limit', ...made.dailyLimit });
        issued.push(...made.issued);
        effectIds.push(...made.effectIds);
      } catch (error) {
        // The licenses of earlier commits exist, and only this call knows their keys, so they are returned.
        if (issued.length === 0 || !(error instanceof Error)) throw error;
        return succeed({ issued, product, effectIds, cutShort: error.message });
      }
    }
    return succeed({ issued, product, effectIds });
  }

  /** Makes the licenses of one commit. Short formats may generate taken keys; then all keys are generated again. */
  async function issueBatch(input: IssueInput, bundle: Bundle, draft: Draft, count: number) {
    for (let tries = 0; tries < maxKeyTries; tries++) {
      const keys = newKeys(bundle, count);
      const drafts = keys.map((key) => ({ ...draft, key }));
      const made = await storage.createLicenses(input.guildId, drafts, trailOf(input), dailyLimit(input, bundle));
      if ('taken' in made) continue;
      if ('dailyLimit' in made) return made;
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

function readDraft(input: IssueInput, product: Product, now: Date): Result<Draft, CommandError> {
  const ending = readEnding(input.expires ?? 'never', (text) => {
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
  });
  if (!read.ok) return read;
  return succeed({
    ...read.value,
    ...ending.value,
    productId: product.id,
    furtherProductIds: [],
    allProducts: false,
    customerId: read.value.ownerId === null ? (input.customerId ?? null) : null,
    helperIds: [],
    helpersSeeKey: false,
    features: [],
    metadata: [],
    staff: input.staff ?? false,
    suspension: input.suspended ? { at: now, reason: input.reason ?? null } : null,
    switchedOff: input.switchedOff ?? false,
    createdBy: actorText(input.actor),
  });
}

function trailOf(input: IssueInput): (made: readonly License[]) => Trail {
  return (made) => {
    const ownerId = made[0]?.ownerId ?? null;
    const keys = ownerId === null || input.silent ? [] : [sendKeys(ownerId, 'issued', made)];
    return { audit: issuedEvents(input, made), effects: [...keys, ...roleEffects(ownerId)] };
  };
}

/** One event, also for many licenses: they differ in nothing but their keys. */
function issuedEvents(input: IssueInput, made: readonly License[]): readonly NewAuditEvent[] {
  const [first] = made;
  if (!first) return [];
  const details = {
    product: first.productId,
    owner: first.ownerId,
    ...(first.staff && { staff: true }),
    ...(first.suspension && { suspended: true }),
    ...(first.switchedOff && { off: true }),
    ...(first.order !== null && { order: first.order }),
  };
  if (made.length === 1) return [auditEvent(input, 'license.issued', `license:${first.id}`, details)];
  const licenses = made.map(({ id }) => id);
  return [auditEvent(input, 'license.issued', 'licenses', { ...details, count: made.length, licenses })];
}
