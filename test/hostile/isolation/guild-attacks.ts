import { expect } from '@jest/globals';
import type { Services } from '../../../src/services/services.ts';
import { alice, bob, valueOf } from '../../support/open-services.ts';
import { secretOf } from '../../support/storage-fixtures.ts';
import { type Attacks, eachTyped, g1 } from './row.ts';
import { mark, page, theirCustomer, theirUuid } from './two-guilds.ts';

/** Attacks on everything else that a guild has. */
export const guildAttacks: Attacks = {
  checkLicense: {
    tries: [
      ({ check, foreign }) => check({ key: foreign.key }).then(withoutGuildOne),
      ({ check, foreign, product: { name } }) =>
        check({ key: foreign.key, product: name, version: '1' }).then(withoutGuildOne),
      ({ check, unclaimed }) => check({ key: unclaimed.key }).then(withoutGuildOne),
    ],
  },

  signChallenge: { ofNoGuild: 'it signs for the guild that a check found' },

  'guilds.add': { ofNoGuild: 'the operator at the command line makes any guild' },
  'guilds.ensure': { ofNoGuild: 'the bot calls it with the guild that Discord names' },
  'guilds.find': { ofNoGuild: 'the operator at the command line names any guild' },
  'guilds.list': { ofNoGuild: 'the operator at the command line lists all guilds' },
  'guilds.rename': { ofNoGuild: 'the guild is its only id' },
  'guilds.delete': { ofNoGuild: 'the guild is its only id' },
  'guilds.quickstart': { ofNoGuild: 'it has a guild of its own' },

  'settings.view': { tries: [({ services }) => services.settings.view('g1')] },
  'settings.set': { tries: [({ services }) => services.settings.set({ ...g1, key: 'limits.ip', value: '9' })] },
  'settings.patch': { tries: [({ services }) => services.settings.patch({ ...g1, patch: { 'limits.ip': 9 } })] },

  'blacklist.add': {
    tries: [
      async ({ services }) => {
        const added = valueOf(await services.blacklist.add({ ...g1, type: 'user', value: bob }));
        expect(added.impact).toMatchObject({ licenses: 0, owners: 0 });
      },
    ],
  },
  'blacklist.assess': {
    tries: [
      async ({ services, foreign }) => {
        for (const [type, value] of [
          ['hwid', mark],
          ['user', bob],
          ['key', foreign.key],
          ['ip', '0.0.0.0/0'],
        ] as const) {
          const { impact } = valueOf(await services.blacklist.assess('g1', type, value));
          expect(impact).toMatchObject({ licenses: 0, owners: 0, lastDay: { matching: 0 } });
        }
      },
    ],
  },
  'blacklist.remove': {
    refused: 'blacklist-not-found',
    tries: [({ services, entry }) => services.blacklist.remove({ ...g1, id: entry.id })],
  },
  'blacklist.find': {
    refused: 'blacklist-not-found',
    tries: [({ services, entry }) => services.blacklist.find('g1', 'hwid', entry.value)],
  },
  'blacklist.undo': {
    refused: 'blacklist-not-found',
    tries: [({ services, entry }) => services.blacklist.undo({ ...g1, entry, replaced: null })],
  },
  'blacklist.list': { tries: [({ services }) => services.blacklist.list('g1', null, page)] },
  'blacklist.count': {
    tries: [
      async ({ services }) => {
        expect(await services.blacklist.count('g1')).toBe(0);
      },
    ],
  },
  'blacklist.check': eachTyped(({ blacklist }, text) => blacklist.check('g1', text)),

  'apiKeys.create': {
    refused: 'api-key-taken',
    tries: [({ services }) => services.apiKeys.create({ ...g1, name: 'mine', secret: secretOf('g2') })],
  },
  'apiKeys.identify': { ofNoGuild: 'the secret names its guild' },
  'apiKeys.list': { tries: [({ services }) => services.apiKeys.list('g1')] },
  'apiKeys.revoke': {
    refused: 'api-key-not-found',
    tries: [({ services, apiKey }) => services.apiKeys.revoke({ ...g1, id: apiKey.id })],
  },

  'customers.find': {
    tries: [
      async ({ services }) => {
        const { uuid } = valueOf(await services.customers.find('g1', bob));
        expect(uuid).not.toBe(theirUuid);
      },
    ],
  },
  'customers.setUuid': {
    tries: [
      ({ services }) => services.customers.setUuid({ ...g1, userId: bob, uuid: null }),
      ({ services }) => services.customers.setUuid({ ...g1, userId: alice, uuid: theirUuid }),
      ({ services }) => services.customers.setUuid({ ...g1, userId: bob, uuid: theirUuid }),
    ],
  },

  'customers.resolve': eachTyped(({ customers }, text) => customers.resolve('g1', text)),
  'customers.findAll': eachTyped(({ customers }, text) => customers.findAll('g1', text)),
  'customers.search': eachTyped(({ customers }, text) => customers.search('g1', text, 9)),
  'customers.list': {
    tries: [
      ({ services }) => services.customers.list('g1', {}, page),
      ({ services }) => services.customers.list('g1', { text: mark }, page),
      ({ services }) => services.customers.list('g1', { system: 'other' }, { limit: 9, beforeId: 1_000 }),
    ],
  },
  'customers.view': {
    refused: 'customer-not-found',
    tries: [({ services, buyer }) => services.customers.view('g1', buyer.id)],
  },
  'customers.revealEmail': {
    refused: 'customer-not-found',
    tries: [({ services, buyer }) => services.customers.revealEmail({ ...g1, mayReveal: true, customerId: buyer.id })],
  },
  'customers.add': { tries: [({ services }) => services.customers.add({ ...g1, ...theirCustomer })] },
  'customers.edit': {
    refused: 'customer-not-found',
    tries: [({ services, buyer }) => services.customers.edit({ ...g1, customerId: buyer.id, username: 'mine' })],
  },
  'customers.merge': {
    refused: 'customer-not-found',
    tries: [
      ({ services, buyer, own }) => services.customers.merge({ ...g1, from: buyer.id, into: own.customerId ?? 0 }),
      ({ services, buyer, own }) => services.customers.merge({ ...g1, from: own.customerId ?? 0, into: buyer.id }),
    ],
  },
  'customers.undoMerge': {
    refused: 'undo-too-late',
    tries: [({ services, merged }) => services.customers.undoMerge({ ...g1, customerId: merged.id })],
  },

  'records.attempts': {
    tries: [
      ({ services }) => services.records.attempts('g1', { quiet: true }, page),
      ({ services, foreign }) => services.records.attempts('g1', { licenseId: foreign.license.id }, page),
      ({ services, product: { id } }) => services.records.attempts('g1', { productId: id }, page),
      ({ services }) => services.records.attempts('g1', { hwid: mark }, page),
      ({ services }) => services.records.attempts('g1', {}, { limit: 9, beforeId: 1_000 }),
    ],
  },
  'records.audit': {
    tries: [
      ({ services }) => services.records.audit('g1', {}, page),
      ({ services, foreign }) => services.records.audit('g1', { subject: `license:${foreign.license.id}` }, page),
      ({ services, apiKey }) => services.records.audit('g1', { subject: `api-key:${apiKey.id}` }, page),
      ({ services, foreign }) => services.records.audit('g1', { licenseId: foreign.license.id }, page),
      ({ services }) => services.records.audit('g1', {}, { limit: 9, beforeId: 1_000 }),
    ],
  },
  'records.auditNames': {
    tries: [
      async ({ services, foreign, storage, product, apiKey }) => {
        const events = await storage.audit('g2', {}, page);
        const names = await services.records.auditNames('g1', events);
        return [names.license(foreign.license.id), names.productName(product.id), names.apiKeyName(apiKey.id)];
      },
    ],
  },

  'members.left': { tries: [async ({ services }) => strict(services, () => services.members.left('g1', bob))] },
  'members.banned': { tries: [async ({ services }) => strict(services, () => services.members.banned('g1', bob))] },
  'members.joined': { tries: [({ services }) => services.members.joined('g1', bob)] },
  'members.suspendedByDeparture': {
    tries: [async ({ services }) => strict(services, () => services.members.suspendedByDeparture('g1', bob))],
  },
  'members.resumeAfterDeparture': {
    tries: [async ({ services }) => services.members.resumeAfterDeparture({ ...g1, userId: bob })],
  },
  'members.remember': { ofNoGuild: 'names are the same everywhere' },
  'members.earnedRoles': { tries: [({ services }) => services.members.earnedRoles('g1', bob)] },

  'members.roleUses': {
    tries: [({ services }) => services.members.roleUses('g1', mark)],
  },
  'logChannels.missed': { tries: [({ services }) => services.logChannels.missed('g1')] },
  'logChannels.setMissed': {
    tries: [({ services }) => services.logChannels.setMissed('g1', { channels: {}, ownerNotified: true }, null)],
  },

  'upkeep.expire': { ofNoGuild: 'a job for all guilds' },
  'upkeep.withdrawExpiries': { ofNoGuild: 'a job for all guilds' },
  'upkeep.retain': { ofNoGuild: 'a job for all guilds' },
  'upkeep.endBlacklistEntries': { ofNoGuild: 'a job for all guilds' },
  'upkeep.purge': { ofNoGuild: 'a job for all guilds' },
  'clock.doubt': { ofNoGuild: 'one clock for all guilds' },
  'clock.believedNow': { ofNoGuild: 'one clock for all guilds' },
  'clock.watch': { ofNoGuild: 'one clock for all guilds' },
  'alerts.raise': {
    tries: [({ services }) => services.alerts.raise('g1', { kind: 'k', subject: mark, text: 'mine' })],
  },
  'alerts.raiseEverywhere': { ofNoGuild: 'for what no guild can be named for' },
  'alerts.watch': { ofNoGuild: 'the log shipper feeds it with the attempts of all guilds' },
};

/** As hard on members who leave as can be. */
async function strict(services: Services, act: () => Promise<unknown>): Promise<unknown> {
  valueOf(await services.settings.patch({ ...g1, patch: { 'member.onLeave': 'suspend', 'member.onBan': 'suspend' } }));
  return act();
}

/** A grant of guild one is no leak; that it is one of guild two’s license would be. */
function withoutGuildOne(outcome: { readonly result: string }): unknown {
  expect(outcome.result).toBe('denied');
  return outcome;
}
