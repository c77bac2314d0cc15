import { describe, expect, test } from '@jest/globals';
import { useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();

interface LicenseJson {
  readonly id: number;
  readonly product: { readonly name: string };
  readonly products: readonly { readonly name: string }[];
  readonly allProducts: boolean;
}

/** The products Plugin, Panel and Proxy. */
async function shop() {
  const line = await withShop(commandLine());
  for (const name of ['Panel', 'Proxy']) await line.json('product', 'add', name);
  const issue = async (...args: string[]) =>
    (await line.json<{ licenses: LicenseJson[] }>('license', 'issue', ...args)).licenses[0]!;
  const edit = async (id: number, ...args: string[]) =>
    (await line.json<{ license: LicenseJson }>('license', 'edit', String(id), ...args)).license;
  return { line, issue, edit };
}

const namesOf = ({ products }: LicenseJson) => products.map(({ name }) => name);

describe('licenses of several products', () => {
  test('are issued with the first as the main one, listed by each and shown with all', async () => {
    const { line, issue } = await shop();
    const license = await issue('--product', 'panel', '--product', 'Plugin', '--product', 'proxy');
    expect(license).toMatchObject({ product: { name: 'Panel' }, allProducts: false });
    expect(namesOf(license)).toEqual(['Panel', 'Plugin', 'Proxy']);
    const every = await issue('--product', 'Plugin', '--all-products');
    expect(every).toMatchObject({ product: { name: 'Plugin' }, products: [{ name: 'Plugin' }], allProducts: true });
    const listed = await line.json<{ licenses: LicenseJson[] }>('license', 'list', '--product', 'Proxy');
    expect(listed.licenses.map(({ id }) => id)).toEqual([every.id, license.id]);
    const table = await line.run('license', 'list');
    expect(table.out).toContain('Panel, Plugin and Proxy');
    expect(table.out).toContain('Plugin and all other products');
    expect((await line.run('license', 'show', String(license.id))).out).toMatch(/Also for +Plugin and Proxy/);
    const issued = await line.run('license', 'issue', '--product', 'Panel', '--product', 'Proxy');
    expect(issued.out).toContain('1 license of Panel and Proxy');
  });

  test('are edited, and what was changed is printed', async () => {
    const { line, issue, edit } = await shop();
    const { id } = await issue('--product', 'Plugin');
    expect(namesOf(await edit(id, '--add-product', 'Panel', '--add-product', 'Proxy'))).toEqual([
      'Plugin',
      'Panel',
      'Proxy',
    ]);
    expect(namesOf(await edit(id, '--remove-product', 'Panel'))).toEqual(['Plugin', 'Proxy']);
    expect(namesOf(await edit(id, '--product', 'Panel'))).toEqual(['Panel', 'Proxy']);
    expect(await edit(id, '--all-products')).toMatchObject({ allProducts: true });
    expect(await edit(id, '--all-products', 'off')).toMatchObject({ allProducts: false });
    const changed = await line.run('license', 'edit', String(id), '--add-product', 'Plugin', '--all-products', 'on');
    expect(changed.out).toContain('further products: Proxy → Proxy and Plugin');
    expect(changed.out).toContain('all products: no → yes');
  });

  test('are refused with what is wrong', async () => {
    const { line, issue } = await shop();
    const failure = (...args: string[]) => line.failure('license', ...args);
    expect(await failure('issue', '--product', 'Plugin', '--product', 'Nothing')).toEqual([1, 'product-not-found']);
    expect(await failure('issue', '--product', 'Plugin', '--product', 'plugin')).toEqual([1, 'product-twice']);
    const id = String((await issue('--product', 'Plugin', '--product', 'Panel')).id);
    expect(await failure('edit', id, '--remove-product', 'Plugin')).toEqual([1, 'product-is-main']);
    expect(await failure('edit', id, '--remove-product', 'Proxy')).toEqual([1, 'product-not-of-license']);
    expect(await failure('edit', id, '--add-product', 'Panel')).toEqual([1, 'product-twice']);
    const wrong = await line.run('license', 'edit', id, '--all-products', 'perhaps');
    expect([wrong.exitCode, wrong.err]).toEqual([2, expect.stringContaining('It must be on or off.')]);
  });

  test('lose a deleted product alone, which deleting it says before and after', async () => {
    const { line, issue } = await shop();
    await issue('--product', 'Panel');
    const { id } = await issue('--product', 'Plugin', '--product', 'Panel');
    const asked = await line.run('product', 'delete', 'Panel');
    expect(asked.err).toBe(
      'This deletes product “Panel” and its 1 license. 1 other license loses it and keeps the rest. Repeat with --yes to do it.\n',
    );
    expect(await line.json('product', 'delete', 'Panel', '--yes')).toMatchObject({ licenses: 1, furtherLicenses: 1 });
    const shown = await line.json<{ license: LicenseJson }>('license', 'show', String(id));
    expect(namesOf(shown.license)).toEqual(['Plugin']);
  });
});
