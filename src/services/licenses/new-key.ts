import { generateKey, keyFormatOf } from '../../domain/key-format.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Runs a change with a made-up key of the guild's format, again with another one where that key happens to be taken
 * (short formats), at most 100 times.
 */
export async function withNewKey<T>(
  { storage, randomBytes }: ServiceContext,
  guildId: string,
  run: (key: string) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  const bundle = await storage.bundle(guildId);
  if (!bundle) return { ok: false, error: { code: 'guild-not-found', guildId } };
  const format = keyFormatOf(bundle.settings);
  for (let tries = 1; ; tries++) {
    const done = await run(generateKey(format, randomBytes));
    if (done.ok || done.error.code !== 'key-taken') return done;
    if (tries === 100) throw new Error('The key format has hardly any free keys left: make keys longer.');
  }
}
