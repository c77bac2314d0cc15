import { generateKey, keyFormatOf } from '../../domain/values/key-format.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';

/** How many keys are generated in search of a free one, before the format counts as used up. */
export const maxKeyTries = 100;

/** The error after `maxKeyTries` taken keys. */
export function noFreeKeyError(): Error {
  return new Error('The key format has hardly any free keys left: make keys longer.');
}

/**
 * Gives a license a new key of the guild's format with `replace`. Short formats may generate a taken key; `replace` is
 * then called again with another one. Throws where the format has hardly any free keys left.
 */
export async function withNewKey<T>(
  { storage, randomBytes }: ServiceContext,
  { guildId, licenseId }: { readonly guildId: string; readonly licenseId: number },
  replace: (key: string) => Promise<Result<T, CommandError>>,
): Promise<Result<T, CommandError>> {
  const bundle = await storage.bundle(guildId);
  if (!bundle) return fail({ code: 'guild-not-found', guildId });
  const format = keyFormatOf(bundle.settings);
  const current = await storage.licenseKey(guildId, licenseId);
  for (let tries = 0; tries < maxKeyTries; tries++) {
    const key = generateKey(format, randomBytes);
    if (key === current) continue;
    const replaced = await replace(key);
    if (replaced.ok || replaced.error.code !== 'key-taken') return replaced;
  }
  throw noFreeKeyError();
}
