import { expect, test } from '@jest/globals';
import { useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();

test('features and metadata are given one by one, and a product gives its features to its licenses', async () => {
  const line = await withShop(commandLine());
  const product = await line.json<{ product: object }>(
    ...['product', 'edit', 'Plugin', '--feature', 'base', '--meta', 'sku=A=1'],
  );
  expect(product.product).toMatchObject({
    features: ['base'],
    metadata: [{ key: 'sku', value: 'A=1', returned: false }],
  });
  const { licenses } = await line.json<{ licenses: readonly object[] }>(
    ...['license', 'issue', '--feature', 'pro', '--feature', 'maps', '--meta', 'a=1', '--returned-meta', 'b='],
  );
  const metadata = [
    { key: 'a', value: '1', returned: false },
    { key: 'b', value: '', returned: true },
  ];
  const shown = await line.run('license', 'show', '1');
  expect(shown.out).toMatch(/Features +base, pro, maps\n/);
  expect(shown.out).toMatch(/ a +1\n/);
  expect(licenses).toMatchObject([{ features: ['base', 'pro', 'maps'], metadata }]);
  const edited = await line.json<{ license: object }>(
    ...['license', 'edit', '1', '--remove-feature', 'maps', '--remove-meta', 'a', '--meta', 'b=2'],
  );
  expect(edited.license).toMatchObject({
    features: ['base', 'pro'],
    metadata: [{ key: 'b', value: '2', returned: false }],
  });
  expect(await line.failure('license', 'edit', '1', '--remove-meta', 'a')).toEqual([1, 'invalid-metadata']);
  expect(await line.failure('license', 'edit', '1', '--feature', 'a b')).toEqual([1, 'invalid-features']);
  expect((await line.run('license', 'edit', '1', '--meta', 'nothing')).err).toContain('Write KEY=VALUE.');
});
