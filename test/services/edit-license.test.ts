import { describe, expect, test } from '@jest/globals';
import { alice, by, codeOf, useServices, valueOf } from '../support/open-services.ts';
import { describeLicenseChanges } from '../../src/texts/license-changes.ts';

const open = useServices();

describe('one edit of several things', () => {
  test('suspends, gives a new key and an end that has passed, in one commit, and records and reports each', async () => {
    const { services, storage, issue, effects, auditActions, clock } = await open();
    const { license } = await issue({ ownerId: alice });
    const target = { ...by(), licenseId: license.id, mayManage: true };
    const end = new Date(clock.now().getTime() - 86_400_000);
    const edited = valueOf(
      await services.licenses.edit({ ...target, suspended: true, key: 'BRAND-NEW-KEY', expires: end, scope: 'pro' }),
    );
    expect(edited.license).toMatchObject({ suspension: { at: clock.now() }, expiresAt: end, scope: 'pro' });
    expect(await storage.licenseKey('g1', license.id)).toBe('BRAND-NEW-KEY');
    expect(await effects(edited.effectIds)).toEqual([
      { kind: 'dm', userId: alice, message: { type: 'suspended', licenseId: license.id, reason: null } },
      { kind: 'dm', userId: alice, message: { type: 'keys', why: 'rekeyed', licenseIds: [license.id] } },
      { kind: 'roles', userId: alice },
    ]);
    expect(await auditActions(`license:${license.id}`)).toEqual([
      'license.rekeyed',
      'license.suspended',
      'license.changed',
      'license.issued',
    ]);
    const resumed = valueOf(await services.licenses.edit({ ...target, suspended: false, expires: 'never' }));
    expect(resumed.license).toMatchObject({ suspension: null, expiresAt: null });
  });

  test('that changes nothing fails, also where points were refilled meanwhile', async () => {
    const { services, issue, clock } = await open();
    const points = { left: 1, limit: 5, amount: 2, interval: 'hour' } as const;
    const { license, key } = await issue({ points, scope: 'pro' });
    const target = { ...by(), licenseId: license.id, mayManage: true };
    clock.advance(3_600_000);
    const same = { key, suspended: false, scope: ' pro ', points: { ...points, left: 3 } };
    expect(codeOf(await services.licenses.edit({ ...target, ...same }))).toBe('nothing-to-change');
    const edited = valueOf(await services.licenses.edit({ ...target, name: 'Main' }));
    expect(describeLicenseChanges(edited.before, edited)).toEqual([{ field: 'name', before: 'none', after: 'Main' }]);
  });

  test('fails with a taken or invalid key, and with points that are no numbers, and changes nothing', async () => {
    const { services, storage, issue } = await open();
    const { license } = await issue();
    await issue({ key: 'TAKEN' });
    const edit = async (own: object) =>
      codeOf(await services.licenses.edit({ ...by(), licenseId: license.id, mayManage: true, name: 'New', ...own }));
    expect(await edit({ key: 'TAKEN' })).toBe('key-taken');
    expect(await edit({ key: ' ' })).toBe('key-invalid');
    for (const left of [-1, 0.5, NaN, 2e9]) expect(await edit({ points: { left } })).toBe('invalid-points');
    expect(await edit({ expires: new Date('+010000-01-01T00:00:00Z') })).toBe('invalid-expiry');
    expect(await storage.license('g1', { id: license.id })).toEqual(license);
  });
});

describe('keys of several licenses', () => {
  test('are revealed with one audit event, and those of other guilds never', async () => {
    const { services, storage, issue, addGuild, auditActions } = await open();
    const [one, two] = [await issue(), await issue()];
    await addGuild('g2');
    const foreign = valueOf(await services.licenses.issue({ ...by('g2'), product: null, mayManage: true })).issued[0]!;
    const licenseIds = [one.license.id, two.license.id, foreign.license.id, 999];
    const keys = await services.licenses.revealAll({ ...by(), licenseIds });
    expect([...keys]).toEqual([
      [one.license.id, one.key],
      [two.license.id, two.key],
    ]);
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'license.revealed', subject: 'licenses', details: { licenses: licenseIds } });
    await services.licenses.revealAll({ ...by(), licenseIds: [one.license.id] });
    expect((await auditActions(`license:${one.license.id}`))[0]).toBe('license.revealed');
    await services.licenses.revealAll({ ...by(), licenseIds: [] });
    expect(await storage.audit('g1', { action: 'license.revealed' }, { limit: 9, beforeId: null })).toHaveLength(2);
  });
});
