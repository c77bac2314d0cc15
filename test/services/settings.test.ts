import { describe, expect, test } from '@jest/globals';
import { defaultSettings } from '../../src/domain/settings/settings.ts';
import { by, codeOf, staffMember, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();

describe('one setting from text', () => {
  test('is changed, returned and recorded', async () => {
    const { services, storage } = await open();
    const changed = await services.settings.set({ guildId: 'g1', actor: staffMember, key: 'limits.ip', value: '2' });
    expect(valueOf(changed)).toMatchObject({ changes: [{ key: 'limits.ip', before: 5, after: 2 }], warnings: [] });
    expect(valueOf(await services.settings.view('g1'))).toEqual({ ...defaultSettings, 'limits.ip': 2 });
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({
      action: 'settings.changed',
      actor: staffMember,
      details: { 'limits.ip': { before: 5, after: 2 } },
    });
  });

  test.each([
    ['unknown-setting', 'limits.ib', '2'],
    ['invalid-setting', 'limits.ip', '1001'],
    ['nothing-to-change', 'limits.ip', '5'],
    ['invalid-setting', 'channels.valid', 'general'],
  ])('fails with %s for %s %s, and nothing changes', async (code, key, value) => {
    const { services } = await open();
    expect(codeOf(await services.settings.set({ ...by(), key, value }))).toBe(code);
    expect(valueOf(await services.settings.view('g1'))).toEqual(defaultSettings);
  });

  test('of an unknown guild fails', async () => {
    const { services } = await open();
    expect(codeOf(await services.settings.set({ ...by('g9'), key: 'limits.ip', value: '2' }))).toBe('guild-not-found');
    expect(codeOf(await services.settings.view('g9'))).toBe('guild-not-found');
  });

  test('a limit of 0 is accepted with a warning', async () => {
    const { services } = await open();
    const changed = await services.settings.set({ ...by(), key: 'limits.hwid', value: '0' });
    expect(valueOf(changed).warnings).toEqual([{ code: 'zero-limit', kind: 'hwid' }]);
  });

  test('addresses that follow HWIDs are accepted with a warning where HWIDs are unlimited, whichever is set last', async () => {
    const { services } = await open();
    const set = async (key: string, value: string) =>
      valueOf(await services.settings.set({ ...by(), key, value })).warnings;
    expect(await set('limits.ipMode', 'follow-hwid')).toEqual([]);
    expect(await set('limits.hwid', 'unlimited')).toEqual([{ code: 'hwids-unlimited' }]);
    expect(await set('limits.ip', '3')).toEqual([]);
    expect(await set('limits.ipMode', 'strict')).toEqual([]);
    expect(await set('limits.ipMode', 'follow-hwid')).toEqual([{ code: 'hwids-unlimited' }]);
  });
});

describe('several settings at once', () => {
  test('are changed all or none', async () => {
    const { services } = await open();
    const patch = { 'limits.ip': 3, 'limits.hwid': 5000 };
    expect(await services.settings.patch({ ...by(), patch })).toMatchObject({
      error: { code: 'invalid-setting', key: 'limits.hwid' },
    });
    expect(valueOf(await services.settings.view('g1'))['limits.ip']).toBe(5);
    const names: object = { 'limits.iq': 3 };
    expect(await services.settings.patch({ ...by(), patch: names })).toMatchObject({
      error: { code: 'unknown-setting', key: 'limits.iq' },
    });
  });

  test('a key format that makes no keys fails', async () => {
    const { services } = await open();
    valueOf(await services.settings.set({ ...by(), key: 'key.letters', value: 'off' }));
    expect(await services.settings.set({ ...by(), key: 'key.digits', value: 'off' })).toMatchObject({
      error: { code: 'invalid-setting', key: 'key.digits' },
    });
  });

  test('a key format below 80 bits is accepted with a warning that names the bits', async () => {
    const { services } = await open();
    const changed = await services.settings.patch({ ...by(), patch: { 'key.length': 10 } });
    expect(valueOf(changed).warnings).toEqual([{ code: 'guessable-keys', bits: 50, safeBits: 80 }]);
    const other = await services.settings.patch({ ...by(), patch: { 'limits.ip': 1 } });
    expect(valueOf(other).warnings).toEqual([]);
  });
});

test('a changed setting binds the next check', async () => {
  const { services, issue, check } = await open();
  const { key } = await issue();
  expect(await check({ key })).toMatchObject({ result: 'granted' });
  valueOf(await services.settings.set({ ...by(), key: 'limits.ip', value: '0' }));
  expect(await check({ key })).toMatchObject({ denial: 'ip-limit' });
});
