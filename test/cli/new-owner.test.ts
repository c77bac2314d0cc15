import { expect, test } from '@jest/globals';
import { buyerId, useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();
const nobodyId = '200000000000000009';

test('a license is not given to an id that no Discord user has', async () => {
  const line = await withShop(commandLine({ isDiscordUser: (userId) => Promise.resolve(userId === buyerId) }));
  expect(await line.failure('license', 'issue', '--owner', nobodyId)).toEqual([1, 'user-not-found']);
  expect(await line.json('license', 'list')).toEqual({ licenses: [] });
  await line.json('license', 'issue', '--owner', buyerId);
  expect(await line.failure('license', 'reassign', '1', '--owner', nobodyId)).toEqual([1, 'user-not-found']);
  await line.json('license', 'reassign', '1', '--owner', 'none');
});

test('where Discord cannot be asked, the id is taken as it is', async () => {
  const line = await withShop(commandLine({ isDiscordUser: () => Promise.resolve(null) }));
  expect(await line.json('license', 'issue', '--owner', nobodyId)).toMatchObject({ licenses: [{ owner: nobodyId }] });
  expect(await line.failure('license', 'issue', '--owner', '12')).toEqual([1, 'invalid-id']);
});
