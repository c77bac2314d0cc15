import { describe, expect, test } from '@jest/globals';
import { buyerId, guildId, useCommandLine, withShop } from '../support/command-line.ts';
import { uuidPattern } from '../support/storage-fixtures.ts';
import { grant } from '../support/grants.ts';

const commandLine = useCommandLine();
const otherBuyerId = '200000000000000003';

interface LicenseJson {
  readonly id: number;
  readonly key: string;
  readonly state: string;
  readonly owner: string | null;
  readonly bindings?: unknown;
}
interface LicenseAnswer {
  readonly license: LicenseJson;
}
interface LicensesAnswer {
  readonly licenses: readonly LicenseJson[];
}

const fields = ['id', 'key', 'name', 'product', 'owner', 'state', 'staff', 'expiry', 'expiresAt', 'limits'];
const lastFields = [
  ...['note', 'order', 'createdAt', 'scope', 'points', 'forgetAfter', 'products', 'allProducts'],
  ...['helpers', 'features', 'metadata', 'graceUntil', 'holds', 'uuid', 'updatedAt', 'revision', 'customer'],
];
const wholeKey = /^(?:[A-Z2-9]{5}-){4}[A-Z2-9]{5}$/;
const maskedKey = /^…[A-Z2-9]{5}$/;

describe('license issue', () => {
  test('prints licenses with whole keys and exactly their fields, in order', async () => {
    const line = await withShop(commandLine());
    const issued = await line.json<LicensesAnswer>(
      ...['license', 'issue', '--product', 'plugin', '--owner', buyerId, '--expires', '30d@activation'],
      ...['--ip-limit', '1', '--hwid-limit', 'unlimited', '--name', 'Main', '--note', 'vip', '--order', 'A-1'],
    );
    expect(Object.keys(issued.licenses[0]!)).toEqual([...fields, ...lastFields]);
    expect(issued).toEqual({
      licenses: [
        {
          id: 1,
          key: expect.stringMatching(wholeKey),
          name: 'Main',
          product: { id: expect.any(Number), name: 'Plugin' },
          owner: buyerId,
          state: 'active',
          staff: false,
          expiry: { type: 'duration', start: 'activation', days: 30 },
          expiresAt: null,
          limits: { ip: 1, hwid: null, mac: null },
          note: 'vip',
          order: 'A-1',
          createdAt: '2026-03-01T12:00:00.000Z',
          scope: null,
          points: { left: null, limit: null, amount: null, interval: null },
          forgetAfter: { ip: null, hwid: null, mac: null },
          helpers: [],
          features: [],
          metadata: [],
          graceUntil: null,
          holds: [],
          uuid: expect.stringMatching(uuidPattern),
          updatedAt: '2026-03-01T12:00:00.000Z',
          revision: 1,
          products: [{ id: expect.any(Number), name: 'Plugin' }],
          allProducts: false,
          customer: 1,
        },
      ],
    });
  });

  test('prints the issued keys where not all could be issued', async () => {
    const line = await withShop(commandLine());
    await line.json('settings', 'set', 'key.letters', 'off');
    await line.json('settings', 'set', 'key.length', '3');
    const { exitCode, out, err } = await line.run('license', 'issue', '--amount', '1000', '--json');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^Not all licenses were issued; the issued ones are printed\. .* make keys longer\.\n$/);
    const printed = (JSON.parse(out) as LicensesAnswer).licenses.map(({ key }) => key);
    expect(new Set(printed).size).toBe((await line.json<LicensesAnswer>('license', 'list')).licenses.length);
    expect(printed.length).toBeGreaterThan(0);
  });

  test('without --json prints the keys one per line below a heading', async () => {
    const line = await withShop(commandLine());
    const { out } = await line.run('license', 'issue', '--amount', '3', '--expires', '2027-01-31');
    const [heading, ...keys] = out.trimEnd().split('\n');
    expect(heading).toBe('3 licenses of Plugin, expires: 2027-01-31 23:59 UTC');
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(key).toMatch(wholeKey);
  });

  test('issues thousands, each printed once', async () => {
    const line = await withShop(commandLine());
    const { licenses } = await line.json<LicensesAnswer>('license', 'issue', '--amount', '2500');
    expect(new Set(licenses.map(({ key }) => key)).size).toBe(2500);
  });

  test('asks before it issues for an order again, and --yes confirms', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--order', 'A-1');
    expect(await line.failure('license', 'issue', '--order', 'A-1')).toEqual([1, 'duplicate-order']);
    await line.json('license', 'issue', '--order', 'A-1', '--yes');
  });

  test('rejects invalid fields', async () => {
    const line = await withShop(commandLine());
    expect(await line.failure('license', 'issue', '--expires', '03/04/2027')).toEqual([1, 'invalid-expiry']);
    expect(await line.failure('license', 'issue', '--ip-limit', '5000')).toEqual([1, 'invalid-limit']);
    expect(await line.failure('license', 'issue', '--product', 'Other')).toEqual([1, 'product-not-found']);
    expect(await line.failure('license', 'issue', '--key', 'x', '--amount', '2')).toEqual([1, 'key-needs-amount-one']);
  });
});

describe('a key argument', () => {
  test('digits only are an id, key: is always a key, everything else is a key', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--key', 'ABCDE-FGHJK');
    await line.json('license', 'issue', '--key', '1');
    const idOf = async (text: string) => (await line.json<LicenseAnswer>('license', 'show', text)).license.id;
    expect(await idOf('1')).toBe(1);
    expect(await idOf('key:1')).toBe(2);
    expect(await idOf('ABCDE-FGHJK')).toBe(1);
    expect(await idOf('Key: “abcde – fghjk”.')).toBe(1);
    await line.json('license', 'issue', '--key', 'abcde-fghjk');
    expect(await idOf('abcde-fghjk')).toBe(3);
    expect(await line.failure('license', 'show', 'Abcde Fghjk')).toEqual([1, 'license-ambiguous']);
    expect(await line.failure('license', 'show', 'ABCDE-FGHJK-MNPQR-STUVW')).toEqual([1, 'key-near-miss']);
    expect(await line.failure('license', 'show', '77')).toEqual([1, 'license-not-found']);
    expect(await line.failure('license', 'show', 'key:2')).toEqual([1, 'license-not-found']);
  });
});

describe('license show', () => {
  test('prints the whole key and the machines with their counts, and the audit log records it', async () => {
    const line = await withShop(commandLine());
    const { licenses } = await line.json<LicensesAnswer>('license', 'issue');
    const key = licenses[0]!.key;
    await useFrom(line, key, '203.0.113.5');
    const { license } = await line.json<LicenseAnswer>('license', 'show', '1');
    expect(Object.keys(license)).toEqual([
      ...fields,
      'bindings',
      'bindingCounts',
      ...lastFields,
      'lastActiveAt',
      'customerId',
    ]);
    expect(license).toMatchObject({
      key,
      bindings: {
        ip: [{ value: '203.0.113.5', firstSeenAt: '2026-03-01T12:00:00.000Z', lastSeenAt: '2026-03-01T12:00:00.000Z' }],
        hwid: [],
        mac: [],
      },
      bindingCounts: { ip: 1, hwid: 0, mac: 0 },
    });
    const revealed = await line.storage.audit(guildId, { action: 'license.revealed' }, { limit: 9, beforeId: null });
    expect(revealed.map(({ subject, actor }) => [subject, actor])).toEqual([['license:1', { type: 'cli' }]]);
  });

  test('without --json prints a card, in which text from strangers cannot control the terminal', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--key', 'AAAAA-BBBBB');
    await useFrom(line, 'AAAAA-BBBBB', 'a\u001b[2Jb');
    const { out } = await line.run('license', 'show', '1');
    expect(out).toContain('License 1: Plugin, active');
    expect(out).toContain('AAAAA-BBBBB');
    expect(out).toContain('a\\u001b[2Jb');
    expect(out).not.toContain('\u001b');
  });
});

describe('license list', () => {
  test('prints every license, newest first, with masked keys and no machines', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--amount', '2100');
    const { licenses } = await line.json<LicensesAnswer>('license', 'list');
    expect(licenses.map(({ id }) => id)).toEqual(Array.from({ length: 2100 }, (_, index) => 2100 - index));
    expect(Object.keys(licenses[0]!)).toEqual([...fields, ...lastFields]);
    for (const { key } of licenses) expect(key).toMatch(maskedKey);
  });

  test('filters by product, owner and state', async () => {
    const line = await withShop(commandLine());
    await line.json('product', 'add', 'Other');
    await line.json('license', 'issue', '--product', 'Plugin', '--owner', buyerId);
    await line.json('license', 'issue', '--product', 'Other');
    await line.json('license', 'suspend', '2');
    const ids = async (...filter: string[]) =>
      (await line.json<LicensesAnswer>('license', 'list', ...filter)).licenses.map(({ id }) => id);
    expect(await ids('--product', 'Other')).toEqual([2]);
    expect(await ids('--owner', buyerId)).toEqual([1]);
    expect(await ids('--state', 'suspended')).toEqual([2]);
    expect(await ids('--state', 'deleted')).toEqual([]);
    expect(await line.json('license', 'list', '--owner', otherBuyerId)).toEqual({ licenses: [] });
    expect(await line.failure('license', 'list', '--owner', 'nobody')).toEqual([1, 'invalid-id']);
  });

  test('without --json prints a table, or a sentence where nothing matches', async () => {
    const line = await withShop(commandLine());
    expect((await line.run('license', 'list')).out).toBe('No licenses match.\n');
    await line.json('license', 'issue', '--key', 'AAAAA-BBBBB-CCCCC-DDDDD');
    const [columns, row] = (await line.run('license', 'list')).out.split('\n');
    expect(columns).toBe('ID  KEY     PRODUCT  STATE   OWNER  EXPIRES  NAME');
    expect(row).toBe('1   …DDDDD  Plugin   active  -      never');
  });
});

describe('a change of a license', () => {
  test('prints the license as it is afterwards, with a masked key', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--expires', '2026-06-01');
    const after = async (...argv: string[]) => (await line.json<LicenseAnswer>('license', ...argv)).license;
    expect(await after('suspend', '1', '--reason', 'chargeback')).toMatchObject({ id: 1, state: 'suspended' });
    expect(await after('resume', '1')).toMatchObject({ state: 'active' });
    expect(await after('switch', '1', 'off')).toMatchObject({ state: 'off' });
    expect(await after('switch', '1', 'on')).toMatchObject({ state: 'active' });
    expect(await after('extend', '1', '30d')).toMatchObject({ expiresAt: '2026-07-01T23:59:59.999Z' });
    expect(await after('delete', '1', '--yes')).toMatchObject({ state: 'deleted' });
    const restored = await after('restore', '1');
    expect(restored).toMatchObject({ state: 'active', key: expect.stringMatching(maskedKey) });
    expect(Object.keys(restored)).toEqual([...fields, ...lastFields, 'lastActiveAt']);
  });

  test('fails where there is nothing to change', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue');
    expect(await line.failure('license', 'resume', '1')).toEqual([1, 'not-suspended']);
    expect(await line.failure('license', 'switch', '1', 'on')).toEqual([1, 'already-switched']);
    expect(await line.failure('license', 'extend', '1', 'long')).toEqual([1, 'invalid-expiry']);
    expect(await line.failure('license', 'restore', '1')).toEqual([1, 'license-not-deleted']);
    expect(await line.failure('license', 'edit', '1')).toEqual([1, 'nothing-to-change']);
  });

  test('that deletes a license needs --yes', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue');
    expect(await line.failure('license', 'delete', '1')).toEqual([2, 'needs-yes']);
    expect(await line.json('license', 'list')).toMatchObject({ licenses: [{ state: 'active' }] });
  });

  test('without --json prints a sentence', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue');
    expect(await line.run('license', 'suspend', '1')).toEqual({
      exitCode: 0,
      out: 'License 1 is suspended by the staff.\n',
      err: '',
    });
  });
});

describe('license edit and reset', () => {
  test('edit prints machines and a masked key, and the changed fields before and after', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--note', 'old');
    const { license } = await line.json<LicenseAnswer>('license', 'edit', '1', '--ip-limit', '2', '--note', 'none');
    expect(Object.keys(license)).toEqual([
      ...fields,
      'bindings',
      'bindingCounts',
      ...lastFields,
      'lastActiveAt',
      'customerId',
    ]);
    expect(license).toMatchObject({ key: expect.stringMatching(maskedKey), limits: { ip: 2 }, note: null });
    const { out } = await line.run('license', 'edit', '1', '--name', 'Main');
    expect(out).toMatch(/^License 1 is changed\.\n {2}name: .* → .*Main/);
  });

  test('edit to a limit of 0 warns on stderr that all checks are denied', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue');
    const { exitCode, err } = await line.run('license', 'edit', '1', '--hwid-limit', '0', '--json');
    expect([exitCode, err]).toEqual([
      0,
      'Its HWID limit is 0 now: all checks are denied, also those of known machines.\n',
    ]);
  });

  test('reset forgets the given kind and prints the remaining machines', async () => {
    const line = await withShop(commandLine());
    const { licenses } = await line.json<LicensesAnswer>('license', 'issue');
    await useFrom(line, licenses[0]!.key, '203.0.113.5');
    const kept = await line.json<LicenseAnswer>('license', 'reset', '1', 'hwid');
    expect(kept.license).toMatchObject({ bindingCounts: { ip: 1 }, key: expect.stringMatching(maskedKey) });
    const { license } = await line.json<LicenseAnswer>('license', 'reset', '1', 'all');
    expect(license).toMatchObject({ bindings: { ip: [], hwid: [], mac: [] }, bindingCounts: { ip: 0 } });
  });
});

describe('license reassign and rekey', () => {
  test('reassign masks the key and warns that the previous owner knows it', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--owner', buyerId);
    const { out, err } = await line.run('license', 'reassign', '1', '--owner', otherBuyerId, '--json');
    const { license } = JSON.parse(out) as LicenseAnswer;
    expect(license).toMatchObject({ owner: otherBuyerId, key: expect.stringMatching(maskedKey) });
    expect(license).toHaveProperty('bindingCounts');
    expect(err).toContain('The previous owner knows the key');
    expect(await line.failure('license', 'reassign', '1', '--owner', otherBuyerId)).toEqual([1, 'already-owner']);
  });

  test('reassign --new-key and rekey print the new key whole; the old one is unknown then', async () => {
    const line = await withShop(commandLine());
    const issued = await line.json<LicensesAnswer>('license', 'issue', '--owner', buyerId);
    const reassigned = await line.json<LicenseAnswer>('license', 'reassign', '1', '--owner', 'none', '--new-key');
    expect(reassigned.license).toMatchObject({ owner: null, key: expect.stringMatching(wholeKey) });
    const rekeyed = await line.json<LicenseAnswer>('license', 'rekey', '1');
    expect(rekeyed.license.key).toMatch(wholeKey);
    expect(Object.keys(rekeyed.license)).toEqual([...fields, ...lastFields, 'lastActiveAt']);
    const keys = [issued.licenses[0]!.key, reassigned.license.key, rekeyed.license.key];
    expect(new Set(keys).size).toBe(3);
    expect(await line.failure('license', 'show', keys[0]!)).toEqual([1, 'license-not-found']);
    expect(await line.json('license', 'show', keys[2]!)).toMatchObject({ license: { id: 1 } });
  });
});

/** One grant from this address, as a client program's check would store it. */
async function useFrom(line: ReturnType<typeof commandLine>, key: string, ip: string): Promise<void> {
  const { apiKey } = await line.json<{ apiKey: { secret: string } }>('apikey', 'create', '--name', 'test');
  const guildReference = { by: 'api-key', secret: apiKey.secret } as const;
  await grant(line.storage, { guildReference, key }, { take: [{ kind: 'ip', value: ip, forgetBefore: null }] });
}

describe('the fields that only some protocols use', () => {
  test('are set when a license is issued and edited, and can be cleared', async () => {
    const line = await withShop(commandLine());
    const { licenses } = await line.json<{ licenses: readonly object[] }>(
      ...['license', 'issue', '--scope', 'pro', '--points', '5', '--points-limit', '10', '--points-refill', '2/hour'],
      ...['--forget-ip', '12h', '--forget-hwid', 'never', '--mac-limit', '2'],
    );
    expect(licenses).toMatchObject([
      {
        scope: 'pro',
        points: { left: 5, limit: 10, amount: 2, interval: 'hour' },
        forgetAfter: { ip: 720, hwid: null, mac: null },
        limits: { mac: 2 },
      },
    ]);
    const shown = await line.run('license', 'show', '1');
    expect(shown.out).toMatch(
      /Forgotten +IP after 12 hours unseen\n +Scope +pro\n +Points +5 of 10, 2\/hour come back/,
    );
    const edited = await line.json<{ license: object }>(
      ...['license', 'edit', '1', '--scope', 'none', '--points', 'unlimited', '--forget-ip', 'inherit'],
    );
    expect(edited.license).toMatchObject({ scope: null, points: { left: null }, forgetAfter: { ip: null } });
    expect(await line.failure('license', 'edit', '1', '--points', '-3')).toEqual([1, 'invalid-points']);
    expect(await line.failure('license', 'edit', '1', '--points-refill', '3/week')).toEqual([1, 'invalid-points']);
    expect(await line.failure('license', 'edit', '1', '--forget-mac', 'soon')).toEqual([1, 'invalid-limit']);
  });

  test('points are shown as of now', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--points', '1', '--points-limit', '10', '--points-refill', '2/hour');
    line.clock.advance(2 * 3_600_000);
    const { licenses } = await line.json<{ licenses: readonly object[] }>('license', 'list');
    expect(licenses).toMatchObject([{ points: { left: 5 } }]);
  });
});

describe('user uuid', () => {
  const uuid = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';

  test('prints the UUID of a customer, sets one and restores the generated one', async () => {
    const line = await withShop(commandLine());
    await line.json('license', 'issue', '--owner', buyerId);
    const own = await line.json('user', 'uuid', buyerId);
    expect(own).toEqual({ customer: { id: buyerId, uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect(await line.json('user', 'uuid', buyerId, uuid.toUpperCase())).toEqual({ customer: { id: buyerId, uuid } });
    expect(await line.json('license', 'show', '1')).toMatchObject({ license: { customerId: uuid } });
    expect(await line.failure('user', 'uuid', otherBuyerId, uuid)).toEqual([1, 'customer-id-taken']);
    expect(await line.json('user', 'uuid', buyerId, 'none')).toEqual(own);
    expect(await line.failure('user', 'uuid', buyerId, 'x')).toEqual([1, 'invalid-id']);
    expect(await line.failure('user', 'uuid', 'somebody')).toEqual([1, 'invalid-id']);
    const events = await line.storage.audit(guildId, { action: 'customer.changed' }, { limit: 9, beforeId: null });
    expect(events).toMatchObject([
      { subject: `user:${buyerId}`, details: { uuid: { before: uuid, after: null } } },
      {},
    ]);
  });
});
