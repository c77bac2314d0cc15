import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LicenseWorld, startLicenseWorld } from '../../support/license-world.ts';

describe('/audit', () => {
  let world: LicenseWorld;
  beforeAll(async () => {
    world = await startLicenseWorld();
  });
  afterAll(() => world.stop());

  test('shows who changed a license, newest first, with before and after', async () => {
    const { staff, staffId } = world;
    const { license, key } = await world.issue();
    await staff('license edit', { license: String(license.id), 'hwid-limit': '7' });
    await staff('license suspend', { license: String(license.id), reason: 'chargeback' });
    const { reply } = await staff('audit', { license: key });
    expect(reply?.ephemeral).toBe(true);
    const lines = reply!.text.split('\n').filter((line) => line.includes(`(#${license.id})`));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(new RegExp(`^.*<t:\\d+.* <@${staffId}> \\*\\*suspended\\*\\* .*“chargeback”`));
    expect(lines[1]).toContain('→ 7');
    expect(reply?.text).not.toContain(key);
  });

  test('finds by person, kind and time, and pages keep their filters', async () => {
    const { discord, guildId, channelId, staff, staffId, managerId } = world;
    for (let index = 0; index < 12; index += 1) await staff('blacklist add hwid', { hwid: `pc-${index}` });
    const { reply } = await staff('audit', { person: staffId, action: 'blacklisted', since: '1h' });
    expect(reply?.text.match(/pc-\d+/g)).toEqual(Array.from({ length: 10 }, (_, index) => `pc-${11 - index}`));
    const older = await discord.user(staffId).click(reply!.id, 'Older ▶');
    expect(older.reply?.text.match(/pc-\d+/g)).toEqual(['pc-1', 'pc-0']);
    const other = await staff('audit', { person: managerId, action: 'blacklist.added' });
    expect(other.reply?.text).toContain('None.');
    const typed = await discord
      .user(staffId)
      .autocomplete(guildId, channelId, 'audit', 'action', { action: 'Machines' });
    expect(typed.choices).toEqual([{ name: 'machines forgotten', value: 'license.reset' }]);
  });

  test.each([
    [{ action: 'stole it' }, '“stole it” is no kind of change.'],
    [{ since: 'soon' }, '“soon” is no duration'],
    [{ license: 'NOT-THERE' }, 'There is no such license in this server'],
  ])('says what is wrong with %j', async (options, sentence) => {
    const { reply } = await world.staff('audit', options);
    expect(reply?.text).toContain(sentence);
  });
});
