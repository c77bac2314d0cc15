import { expect, test } from '@jest/globals';
import { alice, bob, by, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();

test('no audit event, effect or alert ever holds a key, a secret or an e-mail address', async () => {
  const { services, storage, issue, check, clock } = await open();
  const secrets = new Set<string>();
  const keep = (secret: string | null) => secrets.add(secret ?? '');

  const quickstart = await services.guilds.quickstart();
  keep(quickstart.key);
  keep(quickstart.apiKey.secret);
  keep(valueOf(await services.apiKeys.create({ ...by(), name: 'made' })).secret);
  keep(valueOf(await services.apiKeys.create({ ...by(), name: 'given', secret: 'supplied secret of a panel' })).secret);

  const { key, license } = await issue({ ownerId: alice, key: 'supplied key of a shop', expires: '5d' });
  keep(key);
  const target = { ...by(), licenseId: license.id };
  for (const made of valueOf(await services.licenses.issue({ ...by(), product: null, amount: 3, mayManage: true }))
    .issued) {
    keep(made.key);
  }
  valueOf(await services.licenses.edit({ ...target, mayManage: true, name: 'Main', note: 'vip' }));
  valueOf(await services.licenses.reveal(target));
  valueOf(await services.licenses.resend(target));
  keep(valueOf(await services.licenses.rekey(target)).key);
  keep(valueOf(await services.licenses.reassign({ ...target, ownerId: bob, newKey: true })).newKey);
  const current = valueOf(await services.licenses.reveal(target)).key;
  for (const index of [1, 2, 3, 4, 5, 6, 7, 8]) {
    await check({ key: current, observedIp: `203.0.113.${index}`, hwid: `board ${index}` });
  }
  await services.alerts.watch(await storage.attemptsAfter(0, 100));
  clock.advance(60_000);
  await services.alerts.watch(await storage.attemptsAfter(0, 100));
  const { entry } = valueOf(await services.blacklist.add({ ...by(), type: 'key', value: current }));
  valueOf(await services.blacklist.remove({ ...by(), id: entry.id }));
  valueOf(await services.licenses.reset({ ...target, what: 'all' }));
  valueOf(await services.licenses.delete(target));
  const unclaimed = await issue();
  keep(unclaimed.key);
  valueOf(await services.buyers.redeem({ userId: alice, key: unclaimed.key, guildId: 'g1' }));
  valueOf(await services.buyers.showKey({ userId: alice, licenseId: unclaimed.license.id }));

  const address = 'ana.lyse@shop.example';
  const { customer } = valueOf(await services.customers.add({ ...by(), email: address }));
  const { customer: second } = valueOf(await services.customers.add({ ...by(), email: 'second@shop.example' }));
  keep(valueOf(await services.customers.revealEmail({ ...by(), customerId: customer.id })).email);
  valueOf(await services.customers.edit({ ...by(), customerId: customer.id, email: 'third@shop.example' }));
  valueOf(await services.customers.merge({ ...by(), from: second.id, into: customer.id }));
  valueOf(await services.customers.undoMerge({ ...by(), customerId: second.id }));
  valueOf(await services.customers.edit({ ...by(), customerId: customer.id, email: null }));
  keep('shop.example');

  const records = JSON.stringify([
    await storage.auditAfter(0, 10_000),
    await storage.effectsById(Array.from({ length: 1000 }, (_, index) => index)),
    await storage.alertsAfter(0, 10_000),
  ]);
  expect(records).toContain('license.rekeyed');
  expect(records).toContain('machines-refused');
  expect(secrets.size).toBe(13);
  for (const secret of secrets) expect(records).not.toContain(secret);
  expect(records).not.toMatch(/PRIVATE KEY/);
});

test('an error never holds an e-mail address', async () => {
  const { services } = await open();
  const address = 'ana@shop.example';
  valueOf(await services.customers.add({ ...by(), email: address, addIdentities: ['other:1'] }));
  valueOf(await services.customers.add({ ...by(), email: address }));
  for (const answer of [
    await services.customers.resolve('g1', address),
    await services.customers.resolve('g1', `x${address}`),
    await services.customers.add({ ...by(), email: `${address} ` + 'x' }),
    await services.customers.add({ ...by(), email: address, addIdentities: ['other:1'] }),
    await services.customers.edit({ ...by(), customerId: 1, email: `@${address}` }),
    await services.licenses.resolve('g1', address),
  ]) {
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).not.toContain('shop.example');
  }
});

test('an error never holds what was typed as a key', async () => {
  const { services, issue } = await open();
  const { key } = await issue();
  const typed = [
    await services.licenses.issue({ ...by(), product: null, key, mayManage: true }),
    await services.licenses.issue({ ...by(), product: null, key: `${key}\u0000`, mayManage: true }),
    await services.licenses.resolve('g1', `${key}X`),
    await services.buyers.redeem({ userId: alice, key: `${key}X`, guildId: 'g1' }),
    await services.blacklist.find('g1', 'key', key),
    await services.apiKeys.create({ ...by(), name: 'panel', secret: ` ${key}` }),
  ];
  for (const answer of typed) {
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).not.toContain(key);
  }
});
