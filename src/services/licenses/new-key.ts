import { generateKey, keyFormatOf } from '../../domain/key-format.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result } from '../../domain/result.ts';
import type { ServiceContext } from '../context.ts';

/** Tries at keys that are not taken, of a format that has hardly any left. */
export const maxKeyTries = 100;

/** What is thrown after so many. */
export function noFreeKeys(): Error {
  return new Error('The key format has hardly any free keys left: make keys longer.');
}

/**
 * Gives a license another key of the guild's format with `replace`, again with yet another where that key happens to
 * be taken (short formats).
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
    const done = await replace(key);
    if (done.ok || done.error.code !== 'key-taken') return done;
  }
  throw noFreeKeys();
}
