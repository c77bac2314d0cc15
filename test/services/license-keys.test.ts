import { describe, expect, test } from '@jest/globals';
import { keysTo } from '../support/license-effects.ts';
import { alice, by, codeOf, staffMember, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();

describe('a new key', () => {
  test('replaces the old one, keeps machines, and goes to the owner', async () => {
    const { services, issue, check, effects } = await open();
    const { key, license } = await issue({ ownerId: alice, limits: { hwid: '1' } });
    await check({ key, hwid: 'one' });
    const done = valueOf(await services.licenses.rekey({ ...by(), licenseId: license.id }));
    expect(await check({ key, hwid: 'one' })).toMatchObject({ denial: 'license-unknown' });
    expect(await check({ key: done.key, hwid: 'two' })).toMatchObject({ denial: 'hwid-limit' });
    expect(done.license.keySuffix).toBe(done.key.slice(-5));
    expect(await effects(done.effectIds)).toEqual([keysTo(alice, 'rekeyed', license.id)]);
  });

  test('may be supplied, where no other license has it', async () => {
    const { services, issue } = await open();
    const { license } = await issue();
    const other = await issue({ key: 'other key' });
    const rekey = (key: string) => services.licenses.rekey({ ...by(), licenseId: license.id, key });
    expect(valueOf(await rekey('own key')).key).toBe('own key');
    expect(codeOf(await rekey('own key'))).toBe('nothing-to-change');
    expect(codeOf(await rekey(' '))).toBe('key-invalid');
    expect(await rekey('other key')).toMatchObject({ error: { code: 'key-taken', licenseId: other.license.id } });
    expect(codeOf(await services.licenses.rekey({ ...by('g9'), licenseId: license.id }))).toBe('guild-not-found');
  });

  test('that is supplied is stored without what cannot be seen, and in one spelling', async () => {
    const { services, issue, check } = await open();
    const { key, license } = await issue({ key: '\u200bcle\u0301-\u20601\u00ad' });
    expect(key).toBe('cl\u00e9-1');
    expect(await check({ key: 'cl\u00e9-1' })).toMatchObject({ result: 'granted' });
    const other = await issue({ key: 'another' });
    const twin = { ...by(), licenseId: other.license.id, key: 'cl\u00e9-\u200d1' };
    expect(await services.licenses.rekey(twin)).toMatchObject({ error: { code: 'key-taken', licenseId: license.id } });
    expect(codeOf(await services.licenses.edit({ ...twin, mayManage: true }))).toBe('key-taken');
  });

  test('that happens to be taken is made up again', async () => {
    const { services, issue } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { 'key.length': 1, 'key.letters': false } }));
    const { license } = await issue({ key: '0' });
    for (const key of '12345678') await issue({ key });
    const rekey = () => services.licenses.rekey({ ...by(), licenseId: license.id });
    expect(valueOf(await rekey()).key).toBe('9');
    await issue({ key: '0' });
    await expect(rekey()).rejects.toThrow('make keys longer');
  });
});

describe('handing out a key', () => {
  test('resend sends it to its owner and is recorded', async () => {
    const { services, issue, effects, auditActions } = await open();
    const { license } = await issue({ ownerId: alice });
    const done = valueOf(await services.licenses.resend({ ...by(), licenseId: license.id }));
    expect(await effects(done.effectIds)).toEqual([keysTo(alice, 'resent', license.id)]);
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.resent', 'license.issued']);
    const unclaimed = await issue();
    expect(codeOf(await services.licenses.resend({ ...by(), licenseId: unclaimed.license.id }))).toBe('owner-required');
  });

  test('reveal shows it and is recorded', async () => {
    const { services, storage, issue } = await open();
    const { key, license } = await issue();
    const shown = await services.licenses.reveal({ guildId: 'g1', actor: staffMember, licenseId: license.id });
    expect(valueOf(shown).key).toBe(key);
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'license.revealed', actor: staffMember, subject: `license:${license.id}` });
  });
});
