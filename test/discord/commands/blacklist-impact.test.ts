import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VisibleMessage } from '../../../playground/discord/control/visible-message.ts';
import { trustedProxiesNote } from '../../../src/domain/notes.ts';
import { actionMenuRows, ipTarget } from '../../../src/discord/log/action-menu.ts';
import { type ManagerWorld, startManagerWorld } from '../../support/manager-world.ts';
import { definition, valueOf } from '../../support/open-services.ts';
import { aRequest, secretOf } from '../../support/storage-fixtures.ts';

const sender = '198.51.100.80';

describe('a blacklist entry that may hit everybody', () => {
  let world: ManagerWorld;
  /** Checks a license as the game server `declaredIp`, which the shop's own server passes on. */
  let passOn: (key: string, declaredIp: string) => Promise<string>;
  let keys: readonly string[];

  beforeAll(async () => {
    world = await startManagerWorld();
    const { services, by, guildId } = world;
    await services.products.create({ ...by, name: 'Vault' });
    valueOf(await services.apiKeys.create({ ...by, name: 'sender', secret: secretOf(guildId) }));
    const byDeclared = { ...definition, limitedIp: ({ declaredIp }: { declaredIp: string | null }) => declaredIp };
    passOn = async (key, declaredIp) => {
      const guildReference = { by: 'api-key', secret: secretOf(guildId) } as const;
      const request = aRequest({ guildReference, key, declaredIp, observedIp: sender });
      const outcome = await services.checkLicense(byDeclared, request);
      return outcome.result === 'denied' ? outcome.denial : outcome.result;
    };
    keys = [(await world.issue()).key, (await world.issue()).key, (await world.issue()).key];
    for (const [index, key] of keys.entries()) expect(await passOn(key, `203.0.113.${index}`)).toBe('granted');
  });
  afterAll(() => world.stop());

  const user = () => world.discord.user(world.staffId);
  /** Presses *Blacklist it* and types into the modal that it opens. */
  async function type(question: VisibleMessage | undefined, value: string) {
    const { modal } = await user().click(question!, 'Blacklist it');
    return user().submitModal(modal!, { value });
  }
  /** The message for one address in the menu under a log post. */
  async function actOn(ip: string) {
    const menu = actionMenuRows([ipTarget(ip)], world.sign)[0]!.components[0]!;
    const listed = await world.staff('blacklist list');
    const customId = 'custom_id' in menu ? menu.custom_id : '';
    return (await user().select(listed.reply!, customId, [`ip:${ip}`], { forged: true })).reply;
  }
  const entries = () => world.services.blacklist.list(world.guildId, null, { limit: 100, beforeId: null });

  test('in the log’s menu names what was granted through it, and wants it typed', async () => {
    const asked = await actOn(sender);
    expect(asked?.text).toContain('3 licenses and 0 owners');
    expect(asked?.text).toContain('3 of the 3 checks');
    expect(asked?.text).toContain(`type \`${sender}\``);
    const wrong = await type(asked, '198.51.100.81');
    expect(wrong.reply?.text).toContain('nothing was blacklisted');
    expect(await entries()).toEqual([]);
    expect(await passOn(keys[0]!, '203.0.113.0')).toBe('granted');
    const done = await type(wrong.reply, sender);
    expect(done.reply?.text).toContain('Blacklisted');
    expect(await passOn(keys[0]!, '203.0.113.0')).toBe('ip-blacklisted');
    await user().click(done.reply!, 'Undo');
    expect(await passOn(keys[0]!, '203.0.113.0')).toBe('granted');
  });

  test('in the log’s menu one customer’s address is one press, for 30 days', async () => {
    const shown = await actOn('203.0.113.1');
    expect(shown?.text).toContain('1 license and 0 owners');
    const done = await user().click(shown!, 'Blacklist for 30 days');
    expect(await passOn(keys[1]!, '203.0.113.1')).toBe('ip-blacklisted');
    await user().click(done.reply!, 'Undo');
  });

  test('is asked about again where it has become everybody’s since the menu showed it', async () => {
    const shown = await actOn('192.0.2.77');
    expect(shown?.text).toContain('It hits nothing');
    await world.storage.setNote(trustedProxiesNote, '192.0.2.77', null);
    const asked = await user().click(shown!, 'Blacklist for 30 days');
    expect(asked.reply?.text).toContain('a proxy in front of the server');
    expect(await entries()).toEqual([]);
    await world.storage.setNote(trustedProxiesNote, '', null);
  });

  test.each([
    ['ip', '0.0.0.0/0'],
    ['ip', '127.0.0.1'],
    ['hwid', 'To be filled by O.E.M.'],
  ])('%s %s is typed out after /blacklist add', async (kind, value) => {
    const { reply } = await world.staff(`blacklist add ${kind}`, { [kind]: value });
    expect(reply?.text).toContain('To confirm');
    expect(await entries()).toEqual([]);
    const done = await type(reply, value);
    expect(done.reply?.text).toContain('Blacklisted');
    await user().click(done.reply!, 'Undo');
    expect(await entries()).toEqual([]);
  });

  test('a wide range is a press, and says when it hits nothing', async () => {
    const { reply } = await world.staff('blacklist add ip', { ip: '100.64.0.0/23' });
    expect(reply?.text).toContain('It is a wide range');
    const done = await user().click(reply!, 'Blacklist it');
    expect(done.reply?.content).toContain('⚠️ It hits nothing');
    await user().click(done.reply!, 'Undo');
  });

  test('a key is asked about without being stored in clear, and confirmed with the id of its license', async () => {
    const { key, license } = await world.issue();
    for (let times = 0; times < 20; times++) await passOn(key, '203.0.113.99');
    const { reply } = await world.staff('blacklist add key', { key: `key:${key}` });
    expect(reply?.text).toContain(`the id of its license, \`${license.id}\``);
    expect(reply?.text).not.toContain(key);
    const done = await type(reply, String(license.id));
    expect(done.reply?.text).toContain(`…${license.keySuffix}`);
    expect(await passOn(key, '203.0.113.99')).toBe('key-blacklisted');
    const removed = await world.staff('blacklist remove', { entry: String(license.id) });
    expect(removed.reply?.text).toContain('let in again');
    expect(await passOn(key, '203.0.113.99')).toBe('granted');
  });

  test('check and remove take a country’s name and a range, as add does', async () => {
    await world.staff('blacklist add country', { country: 'Iceland' });
    expect((await world.staff('blacklist check', { value: 'iceland' })).reply?.text).toContain('Iceland (ISL)');
    expect((await world.staff('blacklist remove', { entry: 'Iceland' })).reply?.text).toContain('let in again');
    await world.staff('blacklist add ip', { ip: '203.0.114.9/24' });
    expect((await world.staff('blacklist check', { value: '203.0.114.0/24' })).reply?.text).toContain('203.0.114.0/24');
    expect((await world.staff('blacklist remove', { entry: '203.0.114.77/24' })).reply?.text).toContain('let in again');
  });
});
