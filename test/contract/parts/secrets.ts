import { describe, expect, test } from '@jest/globals';
import { grantRule } from '../../support/check-rules.ts';
import { addPopulatedGuild, aRequest, noTrail, secretOf } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

export function describeSecrets(openStage: OpenStage): void {
  describe('at rest', () => {
    test('no license key, API key, challenge key or e-mail address is readable, whatever was done with it', async () => {
      const { storage, installation } = await openStage();
      const systemKeys = { lukittu: { publicKey: 'public', privateKey: 'private-key-of-lukittu' } };
      const { license } = await addPopulatedGuild(storage, 'g1', { systemKeys });
      const { key } = aRequest();
      const blocked = {
        type: 'key',
        value: '',
        match: null,
        key,
        reason: null,
        expiresAt: null,
        createdBy: 'cli',
      } as const;
      await storage.addBlacklistEntry('g1', blocked, () => noTrail);
      await storage.decide(aRequest(), grantRule);
      await storage.decide(aRequest({ key: 'A-WRONG-KEY' }), grantRule);
      await storage.decide(aRequest({ guildReference: { by: 'api-key', secret: 'a-wrong-secret' } }), grantRule);

      const buyer = { uuid: null, discordId: null, identities: [], username: null, fullName: null, metadata: [] };
      await storage.createCustomer('g1', { ...buyer, email: 'Ana.Lyse@Example.com' }, () => noTrail);

      expect(await storage.licenseKey('g1', license.id)).toBe(key);
      expect(await storage.challengeKey('g1')).toBe('private-key-of-g1');
      const bytes = await installation.bytes();
      expect(bytes.includes(license.keySuffix)).toBe(true);
      for (const secret of [
        ...[key!, 'A-WRONG-KEY', secretOf('g1'), 'a-wrong-secret'],
        ...['private-key-of-g1', 'private-key-of-lukittu'],
        ...['Ana.Lyse', 'ana.lyse', 'Example.com', 'example.com'],
      ]) {
        expect({ secret, isReadable: bytes.includes(secret) }).toEqual({ secret, isReadable: false });
      }
    });
  });
}
