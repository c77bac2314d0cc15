import type { z } from 'zod';
import type { ComponentHandler } from './command.ts';
import { type TextField, textModal } from './components.ts';
import { askFirst, type Question } from './ask-first.ts';
import type { GuildContext } from './command-context.ts';
import type { Reply } from './reply.ts';

export type DialogQuestion = Pick<Question, 'title' | 'lines' | 'label'>;

/** How a command asks before it does something, and goes on with the same input once the answer is yes. */
export interface DialogParts<I> {
  /** The name of the button's handler, unique in the program. */
  readonly handler: string;
  /**
   * The shape of the input, which is saved as JSON while the question is open. The program may be updated in the
   * meantime, so saved input that does not fit counts as too old.
   */
  readonly input: z.ZodType<I>;
  /** What has to be asked before `run`; null: nothing. A string says why `run` is not possible. */
  readonly question: (context: GuildContext, input: I) => MaybePromise<DialogQuestion | string | null>;
  /** What is typed into a modal after the button is pressed, because it must not be saved or because it confirms. */
  readonly retype?: {
    readonly title: string;
    readonly field: TextField;
    readonly isNeeded: (input: I) => boolean;
  };
  /** `typed` is what `start` was given, or what was typed into the modal; null: neither. */
  readonly run: (context: GuildContext, input: I, typed: string | null) => Promise<Reply | string>;
}

type MaybePromise<T> = T | Promise<T>;

export interface Dialog<I> {
  /** Asks where there is a question, else runs at once. */
  start(context: GuildContext, input: I, typed?: string | null): Promise<Reply | string>;
  /** Asks a question that came up in `run`; after a yes, `run` is called with this input. */
  ask(context: GuildContext, input: I, question: DialogQuestion): Promise<Reply>;
  /** Put it into the command's `components`. */
  readonly components: Readonly<Record<string, ComponentHandler<GuildContext>>>;
}

const tooOld = 'This question is too old. Run the command again.';

export function createDialog<I>({ handler, input: schema, question, retype, run }: DialogParts<I>): Dialog<I> {
  async function ask(context: GuildContext, input: I, asked: DialogQuestion): Promise<Reply> {
    const token = await context.saveState(input);
    // A modal has to be shown before the store is read, so the custom id says whether one is needed.
    const state = retype?.isNeeded(input) === true ? [token, 'retype'] : [token];
    return askFirst(context, { ...asked, handler, state });
  }

  const button: ComponentHandler<GuildContext> = {
    reply: 'update',
    once: true,
    ...(retype && {
      modal: ({ customId, state }) =>
        state[1] === undefined ? null : textModal(customId(handler, state), retype.title, [retype.field]),
    }),
    async run(context) {
      const { savedState, state, field } = context;
      const input = await savedState(state[0] ?? '', schema);
      if (input === null) return tooOld;
      return run(context, input, retype?.isNeeded(input) === true ? field(retype.field.id) : null);
    },
  };

  return {
    async start(context, input, typed = null) {
      const asked = await question(context, input);
      if (typeof asked === 'string') return asked;
      return asked === null ? run(context, input, typed) : ask(context, input, asked);
    },
    ask,
    components: { [handler]: button },
  };
}
