import type { CommandError } from '../../domain/command-error.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { describeCommandError } from '../texts/command-errors.ts';

/** An error of a change that may show whole keys; also says which permission or role would allow that. */
export function describeRevealError({ missing }: Pick<GuildContext, 'missing'>, error: CommandError): string {
  const why = error.code === 'reveal-required' ? missing('license.reveal') : null;
  return why === null ? describeCommandError(error) : `${describeCommandError(error)} ${why}`;
}
