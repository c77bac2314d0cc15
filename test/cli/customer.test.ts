import { expect, test } from '@jest/globals';
import { buyerId, useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();
const otherBuyerId = '200000000000000003';
const address = 'ana@example.com';
const fields = ['id', 'discordId', 'email', 'username', 'identities', 'metadata', 'uuid', 'fullName'];

interface Shown {
  readonly customers: readonly {
    readonly id: number;
    readonly email: string | null;
    readonly discordId: string | null;
  }[];
}

async function withCustomers() {
  const line = await withShop(commandLine());
  const added = await line.json<Shown>(
    ...['customer', 'add', '--email', address, '--username', 'ana', '--full-name', 'Ana Lyse'],
    ...['--identity', 'builtbybit:540001', '--identity', 'tebex:9'],
  );
  return { line, buyer: added.customers[0]! };
}

test('customers are printed with their fields, the address masked', async () => {
  const { line, buyer } = await withCustomers();
  expect(Object.keys(buyer)).toEqual([...fields, 'createdAt', 'updatedAt', 'revision']);
  expect(buyer).toMatchObject({
    id: 1,
    discordId: null,
    email: 'a…@example.com',
    username: 'ana',
    fullName: 'Ana Lyse',
    identities: [
      { system: 'builtbybit', id: '540001' },
      { system: 'tebex', id: '9' },
    ],
    metadata: [],
  });
  for (const who of ['1', address, 'tebex:9']) {
    expect(await line.json('customer', 'show', who)).toEqual({ customers: [buyer] });
  }
  expect(await line.json('customer', 'list')).toEqual({ customers: [buyer] });
  expect(await line.json('customer', 'list', '--search', 'LYSE', '--system', 'tebex')).toEqual({ customers: [buyer] });
  expect(await line.json('customer', 'list', '--search', 'bob')).toEqual({ customers: [] });
  expect(await line.failure('customer', 'show', '7')).toEqual([1, 'customer-not-found']);
});

test('an address is printed in clear with --reveal alone, which the audit shows', async () => {
  const { line } = await withCustomers();
  const { events: before } = await line.json<{ events: readonly object[] }>('audit', '--action', 'customer.revealed');
  expect(before).toEqual([]);
  const printed = [
    await line.run('customer', 'show', '1'),
    await line.run('customer', 'list'),
    await line.run('customer', 'edit', '1', '--username', 'anna'),
    await line.run('audit'),
  ];
  expect(printed.map(({ out, err }) => out + err).join('\n')).not.toContain(address);
  expect(await line.json('customer', 'show', '1', '--reveal')).toMatchObject({ customers: [{ email: address }] });
  expect((await line.run('customer', 'list', '--reveal')).out).toContain(address);
  const { events } = await line.json<{ events: readonly object[] }>('audit', '--action', 'customer.revealed');
  expect(events).toHaveLength(2);
});

test('metadata of a customer is set, and the audit says only that it changed', async () => {
  const { line } = await withCustomers();
  const edited = await line.json('customer', 'edit', '1', '--meta', 'city=Porto', '--returned-meta', 'tier=gold');
  expect(edited).toMatchObject({
    customers: [
      {
        metadata: [
          { key: 'city', value: 'Porto', returned: false },
          { key: 'tier', value: 'gold', returned: true },
        ],
      },
    ],
  });
  expect(await line.json('customer', 'edit', '1', '--remove-meta', 'city')).toMatchObject({
    customers: [{ metadata: [{ key: 'tier' }] }],
  });
  expect((await line.run('audit', '--json')).out).not.toContain('Porto');
  expect(await line.failure('customer', 'edit', '1', '--remove-meta', 'city')).toEqual([1, 'invalid-metadata']);
});

test('an edit sets and takes away, and a new Discord user owns the licenses', async () => {
  const { line } = await withCustomers();
  const { licenses } = await line.json<{ licenses: readonly { id: number; customer: number }[] }>(
    ...['license', 'issue', '--product', 'Plugin', '--owner', buyerId],
  );
  const owned = licenses[0]!;
  expect(await line.json('customer', 'show', buyerId)).toMatchObject({ customers: [{ id: owned.customer }] });
  await line.json('customer', 'edit', buyerId, '--discord', otherBuyerId);
  expect(await line.json('license', 'show', String(owned.id))).toMatchObject({
    license: { owner: otherBuyerId, customer: owned.customer },
  });
  const cleared = await line.json('customer', 'edit', '1', '--email', 'none', '--remove-identity', 'tebex:9');
  expect(cleared).toMatchObject({ customers: [{ email: null, identities: [{ system: 'builtbybit', id: '540001' }] }] });
  expect(await line.failure('customer', 'edit', '1', '--email', 'none')).toEqual([1, 'nothing-to-change']);
});

test('a license can be issued to a customer who has no Discord user, and belongs to whoever they turn out to be', async () => {
  const { line, buyer } = await withCustomers();
  const issue = (...argv: readonly string[]) => line.json('license', 'issue', '--product', 'Plugin', ...argv);
  const unclaimed = { owner: null, customer: buyer.id };
  expect(await issue('--customer', address)).toMatchObject({ licenses: [{ id: 1, ...unclaimed }] });
  await line.json('customer', 'edit', 'tebex:9', '--discord', buyerId);
  expect(await line.json('license', 'show', '1')).toMatchObject({ license: { owner: buyerId, customer: buyer.id } });
  expect(await issue('--customer', '1')).toMatchObject({ licenses: [{ id: 2, owner: buyerId, customer: buyer.id }] });
  const failure = (...argv: readonly string[]) => line.failure('license', 'issue', '--product', 'Plugin', ...argv);
  expect(await failure('--customer', 'tebex:10')).toEqual([1, 'customer-not-found']);
  expect((await failure('--customer', '1', '--owner', buyerId))[0]).toBe(2);
});

test('a merge names what it moves and needs --yes', async () => {
  const { line } = await withCustomers();
  await line.json('license', 'issue', '--product', 'Plugin', '--owner', buyerId);
  const [code, error] = await line.failure('customer', 'merge', '1', buyerId);
  expect([code, error]).toEqual([2, 'needs-yes']);
  const merged = await line.json('customer', 'merge', '1', buyerId, '--yes');
  expect(merged).toMatchObject({
    customers: [{ id: 2, discordId: buyerId, email: 'a…@example.com', username: 'ana' }],
  });
  expect(await line.failure('customer', 'show', '1')).toEqual([1, 'customer-not-found']);
  expect(await line.failure('customer', 'merge', '2', '2', '--yes')).toEqual([1, 'customer-itself']);
});
