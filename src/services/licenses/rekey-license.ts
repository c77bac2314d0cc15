import { keySuffix, normaliseKey } from '../../domain/values/key-format.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import { mayReveal, type ServiceContext } from '../context.ts';
import { auditEvent, sendKeys } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService } from './license-service.ts';
import { withNewKey } from './new-key.ts';

type Input = Parameters<LicenseService['rekey']>[0];

export function createRekeyLicense(context: ServiceContext): Pick<LicenseService, 'rekey'> {
  const { storage } = context;

  const rekey: LicenseService['rekey'] = async (input) => {
    if (input.key === undefined) return withNewKey(context, input, (key) => replaceKey(input, key));
    const key = normaliseKey(input.key);
    if (key === null) return fail({ code: 'key-invalid' });
    if ((await storage.licenseKey(input.guildId, input.licenseId)) === key) return fail({ code: 'nothing-to-change' });
    const replaced = await replaceKey(input, key);
    if (replaced.ok || replaced.error.code !== 'key-taken') return replaced;
    const holder = await storage.license(input.guildId, { key });
    return fail({ code: 'key-taken', licenseId: holder?.id ?? null, deleted: !!holder?.deletedAt });
  };

  function replaceKey(input: Input, key: string) {
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, ({ license }) => {
      const isTheirs = input.actor.type === 'user' && input.actor.id === license.ownerId;
      const isSeen = !isTheirs && (license.ownerId === null || input.key !== undefined);
      if (isSeen && !mayReveal(input)) return fail({ code: 'reveal-required' });
      const keys = license.ownerId === null || input.silent ? [] : [sendKeys(license.ownerId, 'rekeyed', [license])];
      return succeed({
        next: { ...license, keySuffix: keySuffix(key) },
        newKey: key,
        audit: [
          auditEvent(input, 'license.rekeyed', `license:${license.id}`),
          ...(isSeen && input.actor.type === 'user'
            ? [auditEvent(input, 'license.revealed', `license:${license.id}`)]
            : []),
        ],
        effects: keys,
        extra: { key },
      });
    });
  }

  return { rekey };
}
