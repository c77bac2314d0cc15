import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { Options } from '../framework/command-context.ts';

/** The id of the user who is to own a license; null: the option was left out. The error is a sentence. */
export function ownerFrom(options: Pick<Options, 'userId' | 'user'>): Result<string | null, string> {
  const id = options.userId('user');
  if (id === null) return succeed(null);
  // An id can be typed into the option. Discord adds the user to it, unless there is none.
  const user = options.user('user');
  if (!user) return fail(`There is no Discord user with the id ${id}; nothing was changed.`);
  return user.bot ? fail('A bot cannot own a license.') : succeed(id);
}
