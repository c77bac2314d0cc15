import { expect } from '@jest/globals';
import { alice, bob, valueOf } from '../../support/open-services.ts';
import { type Attacks, eachTyped, g1, license, noProduct, notFound, onLicense, theirs } from './row.ts';
import { mark, page } from './two-guilds.ts';

/** Attacks on licenses, by staff and by a buyer. */
export const licenseAttacks: Attacks = {
  'licenses.issue': {
    refused: noProduct,
    tries: [
      ({ services, product: { id } }) => services.licenses.issue({ ...g1, product: String(id), mayManage: true }),
      ({ services, product: { uuid } }) => services.licenses.issue({ ...g1, product: uuid, mayManage: true }),
      ({ services, product: { name } }) => services.licenses.issue({ ...g1, product: name, mayManage: true }),
    ],
  },
  'licenses.edit': onLicense((licenses, target) => licenses.edit({ ...target, mayManage: true, note: 'mine' })),
  'licenses.extend': onLicense((licenses, target) => licenses.extend({ ...target, term: '30d' })),
  'licenses.suspend': onLicense((licenses, target) => licenses.suspend(target)),
  'licenses.resume': onLicense((licenses, target) => licenses.resume(target)),
  'licenses.restoreHold': onLicense((licenses, target) =>
    licenses.restoreHold({ ...target, hold: { kind: 'refund', at: new Date(0), reason: null } }),
  ),
  'licenses.switch': onLicense((licenses, target) => licenses.switch({ ...target, on: false })),
  'licenses.reset': onLicense((licenses, target) => licenses.reset({ ...target, what: 'all' })),
  'licenses.undoReset': {
    refused: notFound,
    tries: [(world) => world.services.licenses.undoReset({ ...license(world), at: world.clock.now() })],
  },
  'licenses.reassign': onLicense((licenses, target) => licenses.reassign({ ...target, ownerId: alice, newKey: true })),
  'licenses.share': onLicense((licenses, target) => licenses.share({ ...target, helperId: alice })),
  'licenses.unshare': onLicense((licenses, target) => licenses.unshare({ ...target, helperId: alice })),
  'licenses.rekey': onLicense((licenses, target) => licenses.rekey(target)),
  'licenses.resend': onLicense((licenses, target) => licenses.resend(target)),
  'licenses.reveal': onLicense((licenses, target) => licenses.reveal(target)),
  'licenses.revealAll': {
    tries: [
      async ({ services, foreign, deleted, own }) => {
        const licenseIds = [foreign, deleted].map(({ license: { id } }) => id);
        const keyOf = await services.licenses.revealAll({ ...g1, licenseIds: [...licenseIds, own.id] });
        expect(await Promise.all([...licenseIds, own.id].map(keyOf))).toEqual([null, null, expect.any(String)]);
      },
    ],
  },
  'licenses.delete': onLicense((licenses, target) => licenses.delete(target)),
  'licenses.restore': onLicense((licenses, target) => licenses.restore(target)),
  'licenses.undoableSteps': {
    tries: [
      async ({ services, foreign, deleted }) => {
        for (const { license } of [foreign, deleted])
          expect(await services.licenses.undoableSteps('g1', license.id)).toEqual([]);
      },
    ],
  },
  'licenses.undoStep': onLicense((licenses, target) => licenses.undoStep({ ...target, stepId: 1, mayManage: true })),
  'licenses.resolve': eachTyped(({ licenses }, text) => licenses.resolve('g1', text)),
  'licenses.resolveOrder': {
    refused: notFound,
    tries: [({ services }) => services.licenses.resolveOrder('g1', mark)],
  },
  'licenses.row': {
    refused: notFound,
    tries: [
      ({ services, foreign }) => services.licenses.row('g1', { id: foreign.license.id }),
      ({ services, foreign }) => services.licenses.row('g1', { key: foreign.key }),
      ({ services, deleted }) => services.licenses.row('g1', { id: deleted.license.id }),
    ],
  },
  'licenses.view': onLicense((licenses, { licenseId }) => licenses.view('g1', licenseId)),
  'licenses.card': onLicense((licenses, { licenseId }) => licenses.card('g1', licenseId)),
  'licenses.lastActiveAt': {
    tries: [
      async ({ services, foreign }) => {
        expect(await services.licenses.lastActiveAt('g2', foreign.license.id)).not.toBeNull();
        expect(await services.licenses.lastActiveAt('g1', foreign.license.id)).toBeNull();
      },
    ],
  },
  'licenses.deniedBy': {
    tries: [
      async ({ services, entry, foreign }) => {
        valueOf(await services.blacklist.add({ ...g1, type: 'hwid', value: entry.value }));
        expect(await services.licenses.deniedBy('g1', foreign.license.id)).toEqual([]);
      },
    ],
  },
  'licenses.list': {
    tries: [
      ({ services }) => services.licenses.list('g1', {}, page),
      ({ services, product: { id } }) => services.licenses.list('g1', { productId: id }, page),
      ({ services }) => services.licenses.list('g1', { ownerId: bob }, page),
      ({ services }) => services.licenses.list('g1', { order: mark }, page),
      ({ services }) => services.licenses.list('g1', { text: mark }, page),
      ({ services, foreign }) => services.licenses.list('g1', { keySuffix: foreign.license.keySuffix }, page),
      ({ services }) => services.licenses.list('g1', { binding: { kind: 'hwid', value: mark } }, page),
      ({ services, foreign }) => services.licenses.list('g1', {}, { limit: 9, beforeId: foreign.license.id }),
      ({ services }) => services.licenses.list('g1', { state: 'deleted' }, page),
    ],
  },
  'licenses.idAt': {
    tries: [({ services, product: { id } }) => services.licenses.idAt('g1', { productId: id }, 1)],
  },
  'licenses.count': {
    tries: [
      async ({ services, product: { id } }) => {
        const queries = [{ productId: id }, { ownerId: bob }, { order: mark }, { state: 'deleted' }] as const;
        const counts = await Promise.all(queries.map((query) => services.licenses.count('g1', query)));
        expect(counts).toEqual([0, 0, 0, 0]);
      },
    ],
  },
  'licenses.find': eachTyped(({ licenses }, text) => licenses.find('g1', text, 10)),

  'buyers.licenses': { tries: [({ services }) => services.buyers.licenses(alice, 'g2', { number: 0, size: 10 })] },
  'buyers.license': { refused: notFound, tries: [(world) => world.services.buyers.license(theirs(world))] },
  'buyers.reset': {
    refused: notFound,
    tries: [(world) => world.services.buyers.reset({ ...theirs(world), what: 'all' })],
  },
  'buyers.switch': {
    refused: notFound,
    tries: [(world) => world.services.buyers.switch({ ...theirs(world), on: false })],
  },
  'buyers.sharing': { refused: notFound, tries: [(world) => world.services.buyers.sharing(theirs(world))] },
  'buyers.share': {
    refused: notFound,
    tries: [(world) => world.services.buyers.share({ ...theirs(world), helperId: alice })],
  },
  'buyers.unshare': {
    refused: notFound,
    tries: [(world) => world.services.buyers.unshare({ ...theirs(world), helperId: alice })],
  },
  'buyers.showKeyToHelpers': {
    refused: notFound,
    tries: [(world) => world.services.buyers.showKeyToHelpers({ ...theirs(world), isShown: true })],
  },
  'buyers.showKey': { refused: notFound, tries: [(world) => world.services.buyers.showKey(theirs(world))] },
  'buyers.checks': { refused: notFound, tries: [(world) => world.services.buyers.checks(theirs(world), 10)] },
  'buyers.startTrial': eachTyped(({ buyers }, text) =>
    buyers.startTrial({ guildId: 'g1', userId: alice, product: text }),
  ),
  'buyers.redeem': {
    refused: 'wrong-key',
    tries: [
      ({ services, unclaimed }) => services.buyers.redeem({ userId: alice, key: unclaimed.key, guildId: 'g1' }),
      ({ services, foreign }) => services.buyers.redeem({ userId: alice, key: foreign.key, guildId: null }),
      ({ services, deleted }) => services.buyers.redeem({ userId: alice, key: deleted.key, guildId: null }),
    ],
  },
};
