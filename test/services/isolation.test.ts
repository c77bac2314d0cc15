import { describe, expect, test } from '@jest/globals';
import type { CommandError } from '../../src/domain/command-error.ts';
import type { Result } from '../../src/domain/values/result.ts';
import { alice, bob, by, codeOf, resultOf, useServices, valueOf } from '../support/open-services.ts';
import { secretOf } from '../support/storage-fixtures.ts';

const open = useServices();
const page = { limit: 100, beforeId: null };
const key = 'SAME-KEY-IN-BOTH-GUILDS';

/** Two guilds with a product of the same name and a license with the same key; the first guild's is alice's. */
async function twoGuilds() {
  const world = await open();
  const foreignProduct = await world.addGuild('g2');
  const own = (await world.issue({ key, ownerId: alice, order: 'R-1', note: 'first' })).license;
  const foreign = (await world.issue({ ...by('g2'), key, ownerId: bob, order: 'R-1', note: 'second' })).license;
  return { ...world, foreignProduct, own, foreign };
}

describe('the same key and product name in two guilds', () => {
  test('are two licenses: each guild sees, checks and changes its own', async () => {
    const { services, check, own, foreign } = await twoGuilds();
    const asked = async (guildId: string) =>
      check({ key, guildReference: { by: 'api-key', secret: secretOf(guildId) } });
    expect(await asked('g1')).toMatchObject({ result: 'granted', license: { id: own.id } });
    expect(await asked('g2')).toMatchObject({ result: 'granted', license: { id: foreign.id } });
    expect(valueOf(await services.licenses.resolve('g1', key)).id).toBe(own.id);
    expect(valueOf(await services.licenses.resolve('g2', key)).id).toBe(foreign.id);
    valueOf(await services.licenses.suspend({ ...by(), licenseId: own.id }));
    valueOf(await services.blacklist.add({ ...by(), type: 'ip', value: '203.0.113.5' }));
    expect(resultOf(await asked('g1'))).toBe('ip-blacklisted');
    expect(resultOf(await asked('g2'))).toBe('granted');
  });

  test('the other one is not found by anything typed', async () => {
    const { services, check, own, foreign, storage } = await twoGuilds();
    await check({ key, hwid: 'board', guildReference: { by: 'api-key', secret: secretOf('g2') } });
    for (const text of [String(foreign.id), bob, 'board', 'second']) {
      expect(await services.licenses.find('g1', text, 10)).toEqual({ by: null, rows: [] });
    }
    for (const text of [key, own.keySuffix, 'R-1', '203.0.113.5']) {
      const { rows } = await services.licenses.find('g1', text, 10);
      expect(rows.filter(({ license }) => license.guildId !== 'g1')).toEqual([]);
    }
    expect(await storage.countLicensesBy('g1', {})).toBe(1);
    expect(await services.licenses.list('g1', { productId: foreign.productId }, page)).toEqual([]);
    expect(await services.licenses.list('g1', { ownerId: bob }, page)).toEqual([]);
    expect(await services.records.attempts('g1', { licenseId: foreign.id }, page)).toEqual([]);
    expect(await services.records.attempts('g1', {}, page)).toEqual([]);
    expect(await services.records.audit('g1', { subject: `license:${foreign.id}` }, page)).toEqual([]);
  });
});

describe("another guild's product", () => {
  test('cannot be issued for, nor a license be moved to it, by number or UUID', async () => {
    const { services, own, foreignProduct } = await twoGuilds();
    for (const product of [String(foreignProduct.id), foreignProduct.uuid]) {
      const answers = [
        await services.licenses.issue({ ...by(), product, mayManage: true }),
        await services.licenses.edit({ ...by(), licenseId: own.id, product, mayManage: true }),
        await services.products.find('g1', product),
        await services.products.findDeleted('g1', product),
      ];
      expect(answers.map(codeOf)).toEqual(answers.map(() => 'product-not-found'));
    }
  });

  test('is not found by any product action, and stays as it was', async () => {
    const { services, storage, foreignProduct } = await twoGuilds();
    const target = { ...by(), productId: foreignProduct.id };
    const release = { ...target, version: '1', branch: null };
    const answers: Result<unknown, CommandError>[] = [
      await services.products.info('g1', foreignProduct.id),
      await services.products.edit({ ...target, name: 'Mine' }),
      await services.products.setVersion({ ...target, version: '1' }),
      await services.products.previewVersion('g1', { ...target, version: '1', versionPolicy: 'any' }),
      await services.products.addRelease({ ...release, status: 'published' }),
      await services.products.archiveRelease(release),
      await services.products.delete({ ...target, name: foreignProduct.name }),
      await services.products.restore(target),
    ];
    expect(answers.map(codeOf)).toEqual(answers.map(() => 'product-not-found'));
    expect((await storage.bundle('g2'))?.products.byId(foreignProduct.id)).toEqual(foreignProduct);
    expect((await services.products.list('g1')).map(({ guildId }) => guildId)).toEqual(['g1']);
  });
});

test('an attempt shows license and product of its own guild only', async () => {
  const { services, check, own } = await twoGuilds();
  await check({ key });
  await check({ key: 'unknown', product: 'Panel' });
  expect(await services.records.attempts('g1', {}, page)).toMatchObject([
    { license: null, product: null },
    { license: { id: own.id }, product: { guildId: 'g1' } },
  ]);
});

test('a staff license of one guild is nothing in another', async () => {
  const { issue, check, addGuild } = await open();
  await addGuild('g2');
  const staff = await issue({ staff: true });
  expect(await check({ key: staff.key, guildReference: { by: 'api-key', secret: secretOf('g2') } })).toMatchObject({
    denial: 'license-unknown',
  });
});
