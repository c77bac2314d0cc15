import { expect, test } from '@jest/globals';
import { useCommandLine, withShop } from '../support/command-line.ts';
import { grant } from '../support/grants.ts';

const commandLine = useCommandLine();

interface LicenseJson {
  readonly id: number;
  readonly key: string;
  readonly uuid: string;
}
interface LicenseAnswer {
  readonly license: LicenseJson;
}
interface LicensesAnswer {
  readonly licenses: readonly LicenseJson[];
}

test('sets and lifts holds one by one, and resume names those that remain', async () => {
  const line = await withShop(commandLine());
  await line.json('license', 'issue');
  await line.json('license', 'issue');
  const holdsAfter = async (...argv: string[]) =>
    (await line.json<{ license: { holds: readonly unknown[] } }>('license', ...argv)).license.holds;
  const at = expect.stringMatching(/^2\d{3}-.*Z$/);
  expect(await holdsAfter('suspend', '1', '--hold', 'dispute', '--reason', 'case 7')).toEqual([
    { kind: 'dispute', at, reason: 'case 7' },
  ]);
  expect(await holdsAfter('edit', '1', '--hold', 'staff', '--hold', 'left')).toMatchObject([
    { kind: 'staff' },
    { kind: 'dispute' },
    { kind: 'left' },
  ]);
  const ids = async (...filter: string[]) =>
    (await line.json<LicensesAnswer>('license', 'list', ...filter)).licenses.map(({ id }) => id);
  expect([await ids('--hold', 'left'), await ids('--hold', 'refund')]).toEqual([[1], []]);
  expect((await line.run('license', 'resume', '1')).out).toBe(
    'License 1 is no longer suspended by the staff, but still because the payment is disputed and because its owner ' +
      'left the server or was banned: “license edit 1 --lift dispute --lift left” lifts that.\n',
  );
  expect((await line.run('license', 'resume', '1')).err).toContain(
    'The license is not suspended by the staff, but because the payment is disputed and because',
  );
  expect((await line.run('license', 'show', '1')).out).toContain('because the payment is disputed, since ');
  expect(await holdsAfter('edit', '1', '--lift', 'dispute', '--lift', 'left')).toEqual([]);
  expect(await line.failure('license', 'edit', '1', '--lift', 'left')).toEqual([1, 'nothing-to-change']);
  expect(await line.failure('license', 'edit', '1', '--lift', 'left', '--hold', 'left')).toEqual([2, 'misuse']);
  expect(await line.failure('license', 'edit', '1', '--hold', 'other')).toEqual([2, 'misuse']);
});

test('a UUID is a license too, unless it is the key of another one', async () => {
  const line = await withShop(commandLine());
  const { licenses } = await line.json<LicensesAnswer>('license', 'issue', '--name', 'Found');
  const { uuid } = licenses[0]!;
  const shown = async (text: string) => (await line.json<LicenseAnswer>('license', 'show', text)).license;
  expect(await shown(uuid.toUpperCase())).toMatchObject({ id: 1, uuid, revision: 1, lastActiveAt: null });
  const { apiKey } = await line.json<{ apiKey: { secret: string } }>('apikey', 'create', '--name', 'test');
  await grant(line.storage, { guildReference: { by: 'api-key', secret: apiKey.secret }, key: licenses[0]!.key });
  line.clock.advance(90_000);
  await line.json('license', 'edit', uuid, '--name', 'none');
  expect(await shown('1')).toMatchObject({
    createdAt: '2026-03-01T12:00:00.000Z',
    updatedAt: '2026-03-01T12:01:30.000Z',
    lastActiveAt: '2026-03-01T12:00:00.000Z',
    revision: 2,
  });
  // LicenseGate's keys are UUIDs.
  await line.json('license', 'issue', '--key', uuid);
  expect(await line.failure('license', 'show', uuid)).toEqual([1, 'license-ambiguous']);
  expect((await shown(`key:${uuid}`)).id).toBe(2);
});
