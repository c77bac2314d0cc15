import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dmSpacingMs, type LicenseWorld, startLicenseWorld } from '../../support/license-world.ts';
import { valueOf } from '../../support/open-services.ts';

/** Discord would show each of these without its marks. */
const keyOf = (name: string) => `_${name}_ *b* ~~c~~ \`d\` ||e||`;
const blockOf = (name: string) => `\`\`\`\n${keyOf(name)}\n\`\`\``;

describe('a key of which Discord would eat characters stands in a code block', () => {
  let world: LicenseWorld;
  beforeAll(async () => {
    world = await startLicenseWorld();
  });
  afterAll(() => world.stop());

  const ownerOf = () => {
    const { discord, guildId } = world;
    const userId = discord.addUser({ username: 'owner' });
    discord.addMember(guildId, userId);
    world.advance(dmSpacingMs);
    return userId;
  };

  test('in the reply to issuing it, and as it is in the file there', async () => {
    const issued = await world.manager('license issue', { key: keyOf('issue') });
    await issued.until(({ followUps }) => followUps.length === 1);
    expect(issued.followUps[0]?.content).toBe(blockOf('issue'));
    expect(issued.reply?.files[0]?.text).toBe(`${keyOf('issue')}\n`);
  });

  test('in the direct message, also when it is sent again', async () => {
    const { discord, manager } = world;
    const userId = ownerOf();
    await manager('license issue', { key: keyOf('dm'), user: userId });
    await discord.until(() => discord.dms(userId).some(({ content }) => content === blockOf('dm')));
    world.advance(dmSpacingMs);
    const [license] = await world.services.licenses.list(
      world.guildId,
      { ownerId: userId },
      { limit: 1, beforeId: null },
    );
    await manager('license resend', { license: String(license!.license.id) });
    await discord.until(() => discord.dms(userId).filter(({ content }) => content === blockOf('dm')).length === 2);
  });

  test('in what its owner picks up and in /mylicenses', async () => {
    const { discord, manager, managerId, guildId, channelId } = world;
    const userId = ownerOf();
    discord.closeDms(userId);
    const issued = await manager('license issue', { key: keyOf('pick-up'), user: userId });
    await issued.until(({ reply }) => reply?.content.includes('DMs are closed') === true);
    await discord.user(managerId).starting.click(issued.reply!, 'Post pick-up here');
    const pickUp = await discord.until(() => discord.notifications(userId)[0]);
    const shown = await discord.user(userId).click(pickUp, 'Show my key');
    await shown.until(({ followUps }) => followUps.length === 1);
    expect(shown.followUps[0]?.content).toBe(blockOf('pick-up'));

    const own = await discord.user(userId).command(guildId, channelId, 'mylicenses');
    const again = await discord.user(userId).click(own.reply!, 'Show key');
    await again.until(({ followUps }) => followUps.length === 1);
    expect(again.followUps[0]?.content).toBe(blockOf('pick-up'));
  });

  test('in the reply to a new key of an unclaimed license', async () => {
    const { license } = await world.issue();
    const renewed = await world.manager('license rekey', { license: String(license.id), key: keyOf('rekey') });
    await renewed.until(({ followUps }) => followUps.length === 1);
    expect(renewed.followUps[0]?.content).toBe(blockOf('rekey'));
    const { key } = valueOf(await world.services.licenses.reveal({ ...world.by, licenseId: license.id }));
    expect(key).toBe(keyOf('rekey'));
  });
});
