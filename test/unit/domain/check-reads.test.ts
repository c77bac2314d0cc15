import { describe, expect, test } from '@jest/globals';
import { decide, decideIfKnown } from '../../../src/domain/check.ts';
import type { Granted } from '../../../src/domain/decision.ts';
import type { BindingKind } from '../../../src/domain/limits.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { definition, license, request, slot, snapshotOf } from './check-fixture.ts';

describe('what a check reads', () => {
  const showsCustomers = {
    ...definition,
    showsOwner: ({ 'lukittu.returnedFields': shown }: Settings) => shown.length > 0,
  };
  const ownerIn = (check: typeof definition, shown: Settings['lukittu.returnedFields']) => {
    const snapshot = snapshotOf({ settings: { 'lukittu.returnedFields': shown } });
    const reads: string[] = [];
    const owner = () => {
      reads.push('owner');
      return snapshot.owner();
    };
    const { outcome } = decide(check, request, { ...snapshot, owner });
    return { owner: (outcome as Granted).owner, reads };
  };

  test('the owner is read where the protocol’s answer shows it in this guild, and not otherwise', () => {
    const owner = { id: license.ownerId, username: 'john', discriminator: '0' };
    expect(ownerIn(showsCustomers, ['customers'])).toEqual({ owner, reads: ['owner'] });
    expect(ownerIn(showsCustomers, [])).toEqual({ owner: null, reads: [] });
    expect(ownerIn(definition, ['customers'])).toEqual({ owner: null, reads: [] });
  });

  test('each slot is read once, though the guard, rules and writes go by it', () => {
    const snapshot = snapshotOf({ slots: [slot('ip', '192.168.1.100:25565'), slot('hwid', 'HWID-1')] });
    const asked: string[] = [];
    const slots = {
      ...snapshot.slots,
      find: (kind: BindingKind, value: string) => {
        asked.push(kind);
        return snapshot.slots.find(kind, value);
      },
    };
    expect(
      decideIfKnown(definition, request, { ...snapshot, slots }, (_licenseId, isBound) => isBound()).outcome.result,
    ).toBe('granted');
    expect(asked).toEqual(['ip', 'hwid']);
  });
});
