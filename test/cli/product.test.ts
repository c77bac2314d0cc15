import { expect, test } from '@jest/globals';
import { guildId, useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();

interface ProductAnswer {
  readonly product: {
    readonly id: number;
    readonly uuid: string;
    readonly name: string;
    readonly version: string | null;
    readonly versionPolicy: string;
  };
}

const fields = [
  ...['id', 'uuid', 'name', 'version', 'versionPolicy', 'features', 'metadata'],
  ...['expires', 'trial', 'graceDays', 'updatedAt', 'revision'],
];

test('terms of a product are given and taken away, and licenses get its end', async () => {
  const line = await withShop(commandLine());
  const terms = ['--expires', '90m', '--trial', '7d', '--grace-days', '3'];
  expect(await line.json('product', 'edit', 'Plugin', ...terms)).toMatchObject({
    product: { expires: '90m', trial: '7d', graceDays: 3 },
  });
  const { licenses } = await line.json<{ licenses: readonly object[] }>('license', 'issue');
  expect(licenses).toMatchObject([{ expiry: { type: 'duration', start: 'creation', days: 0.0625 }, graceUntil: null }]);
  const removed = ['--expires', 'none', '--trial', 'none', '--grace-days', '0'];
  expect(await line.json('product', 'edit', 'Plugin', ...removed)).toMatchObject({
    product: { expires: null, trial: null, graceDays: 0 },
  });
  expect(await line.failure('product', 'edit', 'Plugin', '--trial', 'long')).toEqual([1, 'invalid-expiry']);
});

test('product add, edit and list print exactly the fields of a product', async () => {
  const line = commandLine();
  await line.json('guild', 'add', guildId, '--name', 'Shop');
  const added = await line.json<ProductAnswer>('product', 'add', 'Plugin', '--id', '77', '--version', '1.0');
  expect(Object.keys(added)).toEqual(['product']);
  expect(Object.keys(added.product)).toEqual(fields);
  expect(added.product).toMatchObject({ id: 77, name: 'Plugin', version: '1.0', versionPolicy: 'exact' });

  const edit = ['product', 'edit', 'plugin', '--name', 'Plugin 2', '--version', '2.0', '--version-policy', 'minimum'];
  const edited = await line.json<ProductAnswer>(...edit);
  const { uuid } = added.product;
  const changed = { name: 'Plugin 2', version: '2.0', versionPolicy: 'minimum' };
  const rest = { features: [], metadata: [], expires: null, trial: null, graceDays: 0 };
  const stamp = { updatedAt: '2026-03-01T12:00:00.000Z', revision: 2 };
  expect(edited).toEqual({ product: { id: 77, uuid, ...changed, ...rest, ...stamp } });
  expect(await line.json('product', 'list')).toEqual({ products: [edited.product] });
  expect(await line.json('product', 'edit', '77', '--version', 'none')).toMatchObject({ product: { version: null } });
});

test('product delete needs --yes and restore brings product and licenses back', async () => {
  const line = await withShop(commandLine());
  await line.json('license', 'issue', '--amount', '2');
  const asked = await line.run('product', 'delete', 'plugin');
  expect(asked.exitCode).toBe(2);
  expect(asked.err).toBe('This deletes product “Plugin” and its 2 licenses. Repeat with --yes to do it.\n');
  expect(await line.json('product', 'delete', 'plugin', '--yes')).toMatchObject({ product: { name: 'Plugin' } });
  expect(await line.json('product', 'list')).toEqual({ products: [] });
  expect(await line.json('license', 'list', '--state', 'active')).toEqual({ licenses: [] });
  expect(await line.json('product', 'restore', 'plugin')).toMatchObject({ product: { name: 'Plugin' } });
  expect(await line.json<{ licenses: unknown[] }>('license', 'list')).toMatchObject({ licenses: [{}, {}] });
});

test('releases are added, listed and archived without touching the current version', async () => {
  const line = await withShop(commandLine());
  const added = await line.json('product', 'release', 'add', 'Plugin', '1.1', '--branch', 'beta', '--status', 'draft');
  const release = {
    version: '1.1',
    branch: 'beta',
    status: 'draft',
    createdAt: '2026-03-01T12:00:00.000Z',
    latest: false,
  };
  expect(added).toEqual({ release });
  const archived = await line.json('product', 'release', 'archive', 'Plugin', '1.1', '--branch', 'beta');
  expect(archived).toEqual({ release: { ...release, status: 'archived' } });
  const { releases } = await line.json<{ releases: unknown[] }>('product', 'release', 'list', 'Plugin');
  expect(releases).toContainEqual({ ...release, status: 'archived' });
  expect(await line.json('product', 'list')).toMatchObject({ products: [{ version: '1.0.0' }] });
  expect(await line.failure('product', 'release', 'archive', 'Plugin', '9')).toEqual([1, 'release-not-found']);
  const add = async (version: string, ...argv: string[]) =>
    (await line.json<{ release: object }>('product', 'release', 'add', 'Plugin', version, ...argv)).release;
  expect(await add('1.2')).toMatchObject({ version: '1.2', latest: true });
  expect(await add('1.3', '--no-latest')).toMatchObject({ version: '1.3', latest: false });
  const refused = ['product', 'release', 'add', 'Plugin', '1.4', '--status', 'draft', '--latest'];
  expect(await line.failure(...refused)).toEqual([1, 'latest-unpublished']);
  expect(await line.json('product', 'release', 'latest', 'Plugin', '1.3')).toMatchObject({
    release: { version: '1.3', latest: true },
  });
  await line.json('product', 'release', 'latest', 'Plugin', '1.2');
  expect((await line.run('product', 'release', 'archive', 'Plugin', '1.2')).out).toBe(
    'Version 1.2 is archived. Version 1.3 is the latest now.\n',
  );
});
