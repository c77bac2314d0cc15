import { expect, test } from '@jest/globals';
import { createRoleReconciliationJob } from '../../src/jobs/role-reconciliation.ts';
import { createReconcileRoles } from '../../src/services/reconcile-roles.ts';
import { guildId, useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();
const customerRole = '300000000000000003';
const oldRole = '300000000000000009';
const signal = new AbortController().signal;
const userOf = (index: number) => String(200000000000000001n + BigInt(index));

/** `earning` members have the customer role and a license for it; `lapsed` members have a role without a license for it. */
async function withMembers(earning: number, lapsed: number) {
  const line = await withShop(commandLine());
  await line.json('settings', 'set', 'roles.customer', customerRole);
  const { storage, services } = line;
  for (let index = 0; index < earning; index += 1) {
    const userId = userOf(index);
    await line.json('license', 'issue', '--owner', userId, '--silent');
    await storage.setRoleGranted(guildId, userId, customerRole, true);
  }
  for (let index = 0; index < lapsed; index += 1) {
    await storage.setRoleGranted(guildId, userOf(1000 + index), oldRole, true);
  }
  // Issuing has queued role effects of its own, which are not what these tests count.
  for (const { id } of await storage.claimEffects('roles', 1000, 1000)) {
    await storage.finishEffect(id, { status: 'done', outcome: null, dueAt: null }, null);
  }
  const { guilds, members, alerts } = services;
  const reconcileRoles = createReconcileRoles({ storage, members, alerts });
  return {
    line,
    storage,
    run: () => createRoleReconciliationJob({ guilds, reconcileRoles }).run(signal),
    queued: async () => {
      const effects = await storage.claimEffects('roles', 1000, 1000);
      return effects.map(({ effect }) => effect.userId).sort();
    },
  };
}

test('queues a correction for every member who has or earns a role', async () => {
  const { run, queued } = await withMembers(3, 2);
  expect(await run()).toBe('Role corrections: queued for 1 guilds, stopped for 0, last run unfinished for 0');
  expect(await queued()).toEqual([userOf(0), userOf(1), userOf(2), userOf(1000), userOf(1001)]);
});

test('the removal of 10 roles is queued; 11 stop the run, and staff are alerted', async () => {
  const ten = await withMembers(3, 10);
  await ten.run();
  expect(await ten.queued()).toHaveLength(13);

  const { run, queued, storage } = await withMembers(3, 11);
  expect(await run()).toBe('Role corrections: queued for 0 guilds, stopped for 1, last run unfinished for 0');
  expect(await queued()).toEqual([]);
  const [stopped] = await storage.audit(guildId, { action: 'roles.stopped' }, { limit: 1, beforeId: null });
  expect(stopped).toMatchObject({ subject: 'guild', details: { members: 14, granted: 14, taken: 11 } });
  const [alert] = await storage.alertsAfter(0, 10);
  expect(alert).toMatchObject({ guildId, kind: 'roles-stopped' });
  expect(alert?.text).toContain('11 of the 14 roles');
});

test('of many roles, 5 % may be removed', async () => {
  const { run, queued } = await withMembers(250, 13);
  await run();
  expect(await queued()).toHaveLength(263);
});

test('a run that the bot has not carried out yet is not queued again', async () => {
  const { run, storage } = await withMembers(2, 0);
  await run();
  expect(await run()).toBe('Role corrections: queued for 0 guilds, stopped for 0, last run unfinished for 1');
  for (const { id } of await storage.claimEffects('roles', 10, 1000)) {
    await storage.finishEffect(id, { status: 'done', outcome: null, dueAt: null }, null);
  }
  expect(await run()).toBe('Role corrections: queued for 1 guilds, stopped for 0, last run unfinished for 0');
});

test('a guild without members writes no log line', async () => {
  expect(await (await withMembers(0, 0)).run()).toBeNull();
});
