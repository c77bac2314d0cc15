import type { Actor } from '../../../domain/actor.ts';
import type { CommandError } from '../../../domain/command-error.ts';
import type { Result } from '../../../domain/values/result.ts';
import type { Services } from '../../../services/services.ts';
import { describeCommandError } from '../../../texts/command-errors.ts';

/** The services that the management API uses. */
export type AdminServices = Pick<Services, 'apiKeys' | 'guilds' | 'licenses' | 'products' | 'records' | 'settings'>;

/** Who acts: the API key, in its guild. */
export interface By {
  readonly guildId: string;
  readonly actor: Actor & { readonly type: 'api-key' };
}

/** The value of a result that fails only where the guild was removed in between. */
export function valueOf<T>(result: Result<T, CommandError>): T {
  if (!result.ok) throw new Error(describeCommandError(result.error));
  return result.value;
}
