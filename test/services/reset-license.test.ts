import { describe, expect, test } from '@jest/globals';
import { notice } from '../support/license-effects.ts';
import { alice, bob, by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();

describe('resetting', () => {
  test('forgets the machines, says how many, clears the cooldown, and can be undone', async () => {
    const { services, issue, clock, check, effects } = await open();
    const { key, license } = await issue({ ownerId: alice, limits: { ip: '1', hwid: '1' } });
    await check({ key, hwid: 'one' });
    valueOf(await services.buyers.reset({ userId: alice, licenseId: license.id, what: 'all' }));
    clock.advance(1000);
    await check({ key, hwid: 'one' });
    expect(await check({ key, hwid: 'two' })).toMatchObject({ denial: 'hwid-limit' });
    clock.advance(1000);
    const done = valueOf(await services.licenses.reset({ ...by(), licenseId: license.id, what: 'hwid' }));
    expect(done).toMatchObject({ released: { ip: 0, hwid: 1, mac: 0 }, license: { ownerResets: [] } });
    const { message, ...to } = notice('reset', license.id);
    const machines = [{ kind: 'hwid', value: null, count: 1 }];
    expect(await effects(done.effectIds)).toEqual([{ ...to, message: { ...message, machines } }]);
    valueOf(await services.licenses.undoReset({ ...by(), licenseId: license.id, at: done.at }));
    expect(await check({ key, hwid: 'two' })).toMatchObject({ denial: 'hwid-limit' });
    expect(await check({ key, hwid: 'one' })).toMatchObject({ result: 'granted' });
  });

  test('forgets one machine, also where its address is spelled otherwise', async () => {
    const { services, issue, check } = await open();
    const { key, license } = await issue({ limits: { ip: '2' } });
    await check({ key, observedIp: '203.0.113.5' });
    await check({ key, observedIp: '203.0.113.6' });
    const reset = (value: string) =>
      services.licenses.reset({ ...by(), licenseId: license.id, what: { kind: 'ip', value } });
    expect(valueOf(await reset('::ffff:203.0.113.5')).released).toEqual({ ip: 1, hwid: 0, mac: 0 });
    expect(codeOf(await reset('203.0.113.5'))).toBe('binding-not-found');
    const left = valueOf(await services.licenses.view('g1', license.id)).bindings;
    expect(left.map(({ value }) => value)).toEqual(['203.0.113.6']);
  });
});

describe('the owner is notified', () => {
  test('of the machine that was forgotten, by its value as it is stored', async () => {
    const { services, issue, check, effects } = await open();
    const { key, license } = await issue({ ownerId: alice });
    await check({ key, hwid: 'DESKTOP-1' });
    await check({ key, hwid: 'DESKTOP-2' });
    const what = { kind: 'hwid', value: ' DESKTOP-1 ' } as const;
    const done = valueOf(await services.licenses.reset({ ...by(), licenseId: license.id, what }));
    expect(await effects(done.effectIds)).toMatchObject([
      { message: { type: 'reset', machines: [{ kind: 'hwid', value: 'DESKTOP-1', count: 1 }] } },
    ]);
  });

  test('of nothing where nothing was forgotten', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ ownerId: alice });
    const done = valueOf(await services.licenses.reset({ ...by(), licenseId: license.id, what: 'all' }));
    expect(done.effectIds).toEqual([]);
  });

  test('of an undo where they were notified of the reset', async () => {
    const { services, issue, check, effects } = await open();
    const { key, license } = await issue({ ownerId: alice });
    await check({ key });
    const reset = async (silent: boolean) => {
      const input = { ...by(), licenseId: license.id, silent };
      const { at } = valueOf(await services.licenses.reset({ ...input, what: 'all' }));
      return effects(valueOf(await services.licenses.undoReset({ ...input, at })).effectIds);
    };
    expect(await reset(false)).toEqual([notice('reset-undone', license.id)]);
    expect(await reset(true)).toEqual([]);
  });
});

describe('undoing a reset', () => {
  test('is possible for 15 minutes', async () => {
    const { services, issue, clock, check } = await open();
    const { key, license } = await issue();
    await check({ key });
    const { at } = valueOf(await services.licenses.reset({ ...by(), licenseId: license.id, what: 'all' }));
    const undo = () => services.licenses.undoReset({ ...by(), licenseId: license.id, at });
    clock.advance(15 * 60_000);
    expect(codeOf(await undo())).toBeUndefined();
    clock.advance(1);
    expect(codeOf(await undo())).toBe('undo-too-late');
  });

  test("does not give a new owner the previous owner's machines", async () => {
    const { services, issue, clock, check } = await open();
    const { key, license } = await issue({ ownerId: alice });
    await check({ key });
    const target = { ...by(), licenseId: license.id };
    const { at } = valueOf(await services.licenses.reset({ ...target, what: 'all' }));
    clock.advance(1000);
    valueOf(await services.licenses.reassign({ ...target, ownerId: bob }));
    expect(codeOf(await services.licenses.undoReset({ ...target, at }))).toBe('undo-too-late');
    expect(valueOf(await services.licenses.view('g1', license.id)).bindings).toEqual([]);
  });

  test.each([2, 200 * 24])('after the clock was %i hours ahead is possible and ends as before', async (hours) => {
    const { services, issue, clock, check } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const target = { ...by(), licenseId: license.id };
    const reset = async () => valueOf(await services.licenses.reset({ ...target, what: 'all' })).at;
    clock.advance(hours * 3_600_000);
    await check({ key });
    const then = await reset();
    valueOf(await services.licenses.reassign({ ...target, ownerId: bob }));
    clock.advance(-hours * 3_600_000);
    expect(codeOf(await services.licenses.undoReset({ ...target, at: then }))).toBe('undo-too-late');
    await check({ key });
    const at = await reset();
    expect(codeOf(await services.licenses.undoReset({ ...target, at }))).toBeUndefined();
  });
});
