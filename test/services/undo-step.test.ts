import { describe, expect, test } from '@jest/globals';
import type { AuditAction } from '../../src/domain/audit.ts';
import { notice, roles } from '../support/license-effects.ts';
import { alice, bob, by, codeOf, staffMember, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const minuteMs = 60_000;
const dayMs = 86_400_000;

async function openHistory(own: Parameters<Awaited<ReturnType<typeof open>>['issue']>[0] = {}) {
  const opened = await open();
  const { services, issue } = opened;
  const { key, license } = await issue({ ownerId: alice, ...own });
  const target = { ...by(), licenseId: license.id };
  const steps = async () => (await services.licenses.undoableSteps('g1', license.id)).map(({ action }) => action);
  const current = async () => valueOf(await services.licenses.view('g1', license.id)).license;
  const stepId = async (action: AuditAction) => {
    const [event] = await opened.storage.audit('g1', { licenseId: license.id, action }, { limit: 1, beforeId: null });
    return event!.id;
  };
  /** Undoes the newest step of this kind. */
  const undo = async (action: AuditAction, more: { readonly mayManage?: boolean; readonly mayReveal?: boolean } = {}) =>
    services.licenses.undoStep({
      ...{ guildId: 'g1', actor: staffMember, licenseId: license.id, stepId: await stepId(action), mayManage: true },
      ...more,
    });
  return { ...opened, key, license, target, steps, current, stepId, undo };
}

describe('a step of a license’s history', () => {
  test('of a suspension or its end is undone once, tells the owner, and is recorded with its actor', async () => {
    const { services, storage, target, license, steps, undo, effects, check, key } = await openHistory();
    valueOf(await services.licenses.suspend({ ...target, reason: 'chargeback' }));
    expect(await steps()).toEqual(['license.suspended']);
    const undone = valueOf(await undo('license.suspended'));
    expect(await effects(undone.effectIds)).toEqual([
      {
        ...notice('resumed', license.id),
        message: { type: 'resumed', licenseId: license.id, hold: 'staff', reason: null },
      },
      roles(alice),
    ]);
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    const [latest] = await storage.audit('g1', { licenseId: license.id }, { limit: 1, beforeId: null });
    expect(latest).toMatchObject({ action: 'license.resumed', actor: staffMember });

    expect(codeOf(await undo('license.suspended'))).toBe('changed-since');
    expect(await steps()).toEqual(['license.resumed']);
    const again = valueOf(await undo('license.resumed'));
    expect(again.license.holds).toMatchObject([{ kind: 'staff', reason: 'chargeback' }]);
  });

  test('of an extension gives the old end and term back, and the owner and roles follow', async () => {
    const { services, target, license, current, undo, effects, steps } = await openHistory({ expires: '30d' });
    const before = await current();
    valueOf(await services.licenses.extend({ ...target, term: '1y' }));
    const undone = valueOf(await undo('license.extended'));
    expect(await effects(undone.effectIds)).toEqual([notice('extended', license.id), roles(alice)]);
    expect(await current()).toEqual({ ...before, revision: 3 });
    expect(await steps()).toEqual(['license.changed']);
    expect(valueOf(await undo('license.changed')).license.expiry).toEqual({ type: 'date' });
  });

  test('of a term that has not started, too', async () => {
    const { services, target, current, undo } = await openHistory({ expires: '30d@activation' });
    const before = await current();
    valueOf(await services.licenses.extend({ ...target, term: '5d' }));
    expect((await current()).expiry).toMatchObject({ days: 35 });
    valueOf(await undo('license.extended'));
    expect(await current()).toEqual({ ...before, revision: 3 });
  });

  test('of an edit gives every field its old value, and roles where they follow from it', async () => {
    const { services, storage, target, current, undo, effects } = await openHistory({ expires: '30d', note: 'old' });
    const { product } = valueOf(await services.products.create({ ...by(), name: 'Other' }));
    const before = await current();
    const points = { left: 5, limit: 10, amount: 1, interval: 'hour' } as const;
    valueOf(
      await services.licenses.edit({
        ...{ ...target, mayManage: true, product: String(product.id), name: 'new', note: null, order: 'A-1', points },
        ...{ scope: 'pro', staff: true, expires: 'never', limits: { ip: '7' }, forgetAfter: { hwid: '2h' } },
      }),
    );
    expect(await current()).not.toEqual(before);
    const undone = valueOf(await undo('license.changed'));
    expect({ ...(await current()), points: null }).toEqual({ ...before, points: null, revision: 3 });
    expect((await current()).points).toMatchObject({ left: null, limit: null, amount: null, interval: null });
    expect(await effects(undone.effectIds)).toEqual([roles(alice)]);
    const [latest] = await storage.audit('g1', { licenseId: before.id }, { limit: 1, beforeId: null });
    expect(latest?.details).toMatchObject({ name: { before: 'new', after: null }, undone: true });
  });

  test('is undone as long as what it changed is unchanged, whatever else has changed', async () => {
    const { services, target, steps, undo, current, stepId } = await openHistory();
    const edit = (own: object) => services.licenses.edit({ ...target, mayManage: true, ...own });
    valueOf(await edit({ note: 'one' }));
    const first = await stepId('license.changed');
    valueOf(await edit({ limits: { ip: '9' } }));
    valueOf(await edit({ note: 'two' }));
    expect(await steps()).toEqual(['license.changed', 'license.changed']);
    const ofFirst = { ...target, mayManage: true, stepId: first };
    expect(codeOf(await services.licenses.undoStep(ofFirst))).toBe('changed-since');
    valueOf(await undo('license.changed'));
    expect(await current()).toMatchObject({ note: 'one', limits: { ip: 9 } });
  });

  test('is not undone where checks have used up points since', async () => {
    const { services, storage, target, license, undo } = await openHistory({ points: { left: 5 } });
    valueOf(await services.licenses.edit({ ...target, mayManage: true, points: { left: 50 } }));
    await storage.changeLicense('g1', { id: license.id }, (now) => ({
      next: { ...now, points: { ...now.points, left: 49 } },
      trail: { audit: [], effects: [] },
      result: {},
    }));
    expect(codeOf(await undo('license.changed'))).toBe('changed-since');
  });

  test('of a reassignment moves the license back, unless it has moved on or its old key is gone', async () => {
    const { services, target, undo, current, steps, check, key } = await openHistory();
    valueOf(await services.licenses.reassign({ ...target, ownerId: bob }));
    await check({ key, hwid: 'bob’s' });
    const undone = valueOf(await undo('license.reassigned'));
    expect(undone.license.ownerId).toBe(alice);
    expect(valueOf(await services.licenses.view('g1', target.licenseId)).bindings).toEqual([]);
    expect(codeOf(await undo('license.issued'))).toBe('changed-since');
    valueOf(await services.licenses.reassign({ ...target, ownerId: bob, newKey: true }));
    expect(await steps()).toEqual([]);
    expect((await current()).ownerId).toBe(bob);
  });

  test('of a reassignment needs the right to see keys where it makes the license one’s own', async () => {
    const { services, target, undo } = await openHistory({ ownerId: '900000000000000001' });
    valueOf(await services.licenses.reassign({ ...target, ownerId: bob }));
    expect(codeOf(await undo('license.reassigned', { mayReveal: false }))).toBe('reveal-required');
    valueOf(await undo('license.reassigned', { mayReveal: true }));
  });

  test('of a reset binds the same machines again, within 15 minutes', async () => {
    const { services, target, undo, steps, check, key, clock } = await openHistory();
    await check({ key, hwid: 'PC-1' });
    valueOf(await services.licenses.reset({ ...target, what: 'hwid' }));
    clock.advance(minuteMs);
    valueOf(await undo('license.reset'));
    const { bindings } = valueOf(await services.licenses.view('g1', target.licenseId));
    expect(bindings.map(({ value }) => value)).toContain('PC-1');
    valueOf(await services.licenses.reset({ ...target, what: 'all' }));
    expect(await steps()).toEqual(['license.reset']);
    clock.advance(15 * minuteMs + 1);
    expect(await steps()).toEqual([]);
    expect(codeOf(await undo('license.reset'))).toBe('changed-since');
  });

  test('of a deletion restores; nothing else of a deleted license can be undone', async () => {
    const { services, target, undo, steps, current } = await openHistory();
    valueOf(await services.licenses.suspend(target));
    valueOf(await services.licenses.delete(target));
    expect(await steps()).toEqual(['license.deleted']);
    expect(codeOf(await undo('license.suspended'))).toBe('changed-since');
    valueOf(await undo('license.deleted'));
    expect(await current()).toMatchObject({ deletedAt: null });
    expect(await steps()).toEqual(['license.suspended']);
  });

  test('that would make a staff license again needs Manage Server', async () => {
    const { services, target, undo, current } = await openHistory({ staff: true });
    valueOf(await services.licenses.edit({ ...target, mayManage: false, staff: false }));
    expect(codeOf(await undo('license.changed', { mayManage: false }))).toBe('staff-needs-manage-server');
    valueOf(await undo('license.changed', { mayManage: true }));
    expect((await current()).staff).toBe(true);
  });

  test('is not undone into a product that was deleted', async () => {
    const { services, target, license, undo } = await openHistory();
    const { product } = valueOf(await services.products.create({ ...by(), name: 'Other' }));
    valueOf(await services.licenses.edit({ ...target, mayManage: true, product: String(product.id) }));
    const old = { ...by(), productId: license.productId, name: 'Vault' };
    valueOf(await services.products.delete(old));
    expect(codeOf(await undo('license.changed'))).toBe('product-deleted');
  });

  test('is looked for among the newest 50 changes', async () => {
    const { services, target, steps, clock } = await openHistory();
    valueOf(await services.licenses.suspend(target));
    for (let index = 0; index < 49; index++) await services.licenses.resend(target);
    expect(await steps()).toEqual(['license.suspended']);
    clock.advance(dayMs);
    await services.licenses.resend(target);
    expect(await steps()).toEqual([]);
  });
});
