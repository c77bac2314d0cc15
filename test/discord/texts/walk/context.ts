import { defaultSettings } from '../../../../src/domain/settings/settings.ts';
import type { Delivery, GuildContext } from '../../../../src/discord/framework/command-context.ts';
import { apiKeys, attempts, auditEvent, cards, infos, now, product, roleId, userId } from './fixtures.ts';

export const delivered: Delivery = { lines: [], rows: [], dmArrived: true, roles: 'done', isOver: true };

export const names = { license: () => cards[0]!.license, productName: () => 'Vault', apiKeyName: () => 'main' };

/** A context whose services find this many of everything. */
export const contextOf = (number: number) =>
  ({
    now,
    guildId: 'g1',
    user: { id: userId },
    settings: defaultSettings,
    customId: () => 'id',
    missing: () => null,
    services: {
      buyers: {
        licenses: () => Promise.resolve({ cards: cards.slice(0, number), total: number, page: 0, last: 1 }),
        license: () => Promise.resolve({ ok: true, value: cards[number] }),
      },
      records: {
        attempts: () =>
          Promise.resolve(attempts.slice(0, number).map((attempt) => ({ attempt, license: null, product }))),
        audit: () => Promise.resolve(Array.from({ length: number }, () => auditEvent)),
        auditNames: () => Promise.resolve(names),
      },
      licenses: { undoableSteps: () => Promise.resolve(Array.from({ length: number }, () => auditEvent)) },
      apiKeys: { list: () => Promise.resolve(apiKeys.slice(0, number)) },
      products: { info: () => Promise.resolve({ ok: true, value: infos[number] }) },
    },
    discord: {
      foreignCommands: () => Promise.resolve(Array.from({ length: number }, () => ({ id: '1', name: 'key' }))),
      hiddenCommands: () =>
        Promise.resolve(
          Array.from({ length: number }, () => ({ role: { id: roleId, name: 'Staff' }, commands: ['logs'] })),
        ),
      missingPermissions: () => Promise.resolve(Array.from({ length: number }, () => 'Send Messages')),
      isReadByEveryone: () => Promise.resolve(true),
      unassignableReason: () => Promise.resolve('I lack Manage Roles.'),
      canSee: () => Promise.resolve(number > 0),
    },
    delivery: () => ({ soFar: () => Promise.resolve(delivered), end: () => Promise.resolve(delivered) }),
  }) as unknown as GuildContext;
