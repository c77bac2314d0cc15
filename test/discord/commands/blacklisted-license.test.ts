import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LicenseWorld, startLicenseWorld } from '../../support/license-world.ts';
import { valueOf } from '../../support/open-services.ts';

describe('a license that the blacklist denies', () => {
  let world: LicenseWorld;
  let forBuyer: number;
  beforeAll(async () => {
    world = await startLicenseWorld();
    const { services, by, buyerId } = world;
    const added = await services.blacklist.add({ ...by, type: 'user', value: buyerId, reason: 'chargeback' });
    forBuyer = valueOf(added).entry.id;
  });
  afterAll(() => world.stop());

  const denied = () => `Every check is refused: user <@${world.buyerId}> is on the blacklist (entry ${forBuyer}).`;

  test('says so in the reply that issues it', async () => {
    const { staff, buyerId, managerId } = world;
    const { reply } = await staff('license issue', { user: buyerId, silent: true });
    expect(reply?.content).toContain(`⚠️ ${denied()}`);
    const other = await staff('license issue', { user: managerId, silent: true });
    expect(other.reply?.text).not.toContain('blacklist');
  });

  test('says so where the key that was supplied is on the blacklist', async () => {
    const { services, by, staff } = world;
    const key = 'ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2';
    const { id } = valueOf(await services.blacklist.add({ ...by, type: 'key', value: key })).entry;
    const { reply } = await staff('license issue', { key });
    expect(reply?.content).toContain(`key \`…WXYZ2\` is on the blacklist (entry ${id})`);
  });

  test('says so in the reply that reassigns it, with the machines that it keeps', async () => {
    const { services, by, staff, manager, buyerId, managerId, issue, check } = world;
    const { key, license } = await issue();
    await check({ key, hwid: 'Board-1' });
    const moved = await staff('license reassign', { license: key, user: buyerId, silent: true, 'keep-machines': true });
    expect(moved.reply?.content).toContain(denied());
    expect(moved.reply?.content).not.toContain('Board-1');
    const { id } = valueOf(await services.blacklist.add({ ...by, type: 'hwid', value: 'board-1' })).entry;
    const options = { license: String(license.id), user: managerId, silent: true, 'keep-machines': true };
    const again = await manager('license reassign', options);
    expect(again.reply?.content).not.toContain('Every check is refused');
    expect(again.reply?.content).toContain(
      `Checks from HWID \`Board-1\` are refused: HWID \`board-1\` is on the blacklist (entry ${id}).`,
    );
  });

  test('says so on its card before anything has checked it, and in /mylicenses without the reason', async () => {
    const { services, by, staff, buyer, buyerId, issue } = world;
    const { license } = await issue({ ownerId: buyerId });
    const card = await staff('license info', { license: String(license.id) });
    expect(card.reply?.text).toContain(denied());
    const mine = await buyer('mylicenses');
    expect(mine.reply?.text).toContain('It is blocked in this server. Ask the staff of the server.');
    expect(mine.reply?.text).not.toContain('chargeback');
    valueOf(await services.blacklist.remove({ ...by, id: forBuyer }));
    const after = await staff('license info', { license: String(license.id) });
    expect(after.reply?.text).not.toContain('blacklist');
    expect((await buyer('mylicenses')).reply?.text).not.toContain('blocked');
  });
});
