import { describe, expect, test } from '@jest/globals';
import { buyerId, useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();
const otherBuyerId = '200000000000000003';

interface LicenseAnswer {
  readonly license: object;
}
const maskedKey = /^…[A-Z2-9]{5}$/;

describe('license share and unshare', () => {
  test('change whom a license is shared with, which LICENSE lists', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--owner', buyerId, '--order', 'A-1');
    const shared = await line.json<LicenseAnswer>('license', 'share', '1', '--with', otherBuyerId);
    expect(shared.license).toMatchObject({ helpers: [otherBuyerId], key: expect.stringMatching(maskedKey) });
    expect(await line.failure('license', 'share', '1', '--with', otherBuyerId)).toEqual([1, 'already-helper']);
    expect(await line.failure('license', 'share', '1', '--with', 'somebody')).toEqual([1, 'invalid-id']);
    expect(await line.failure('license', 'share', '1')).toEqual([2, 'misuse']);
    const ended = await line.json('license', 'unshare', '--order', 'A-1', '--with', otherBuyerId);
    expect(ended).toMatchObject({ license: { helpers: [] } });
    expect(await line.failure('license', 'unshare', '1', '--with', otherBuyerId)).toEqual([1, 'not-helper']);
  });

  test('a reassigned license is shared with nobody, which the command says', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--owner', buyerId);
    await line.json('license', 'share', '1', '--with', otherBuyerId);
    const { err } = await line.run('license', 'reassign', '1', '--owner', 'none', '--json');
    expect(err).toContain(`It is no longer shared with ${otherBuyerId}.`);
  });
});
