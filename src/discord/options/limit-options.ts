import type { SlashCommandStringOption } from 'discord.js';
import { z } from 'zod';
import { type BindingKind, bindingKinds, parseInheritableLimit } from '../../domain/limits.ts';
import type { LimitTexts } from '../../services/licenses/license-service.ts';
import type { Options } from '../framework/command-context.ts';
import type { DialogQuestion } from '../framework/dialog.ts';
import { describeLockedOut } from '../texts/license-issue.ts';
import { kindWords } from '../texts/machines.ts';

export const limitTextsSchema = z.partialRecord(z.enum(bindingKinds), z.string());

export function limitOption(option: SlashCommandStringOption, kind: BindingKind): SlashCommandStringOption {
  return option
    .setName(`${kind}-limit`)
    .setDescription(`How many ${kindWords[kind].many}`)
    .setAutocomplete(true)
    .setMaxLength(20);
}

/** The options `ip-limit`, `hwid-limit` and `mac-limit`, as far as they were given. */
export function limitsFrom(options: Options): LimitTexts {
  return kindTexts(options, (kind) => `${kind}-limit`);
}

/** One text option for each kind, as far as they were given. */
export function kindTexts(options: Options, nameOf: (kind: BindingKind) => string): LimitTexts {
  const given = bindingKinds.map((kind) => [kind, options.text(nameOf(kind))] as const);
  return Object.fromEntries(given.filter(([, text]) => text !== null));
}

/** The kinds whose limit is to be 0. That denies every check, and is mostly meant as "unlimited". */
export function zeroLimitKinds(limits: LimitTexts): readonly BindingKind[] {
  return bindingKinds.filter((kind) => {
    const limit = parseInheritableLimit(limits[kind] ?? 'inherit');
    return limit.ok && limit.value === 0;
  });
}

/** Asks about limits of 0, if there are any. */
export function zeroLimitQuestion(limits: LimitTexts | undefined, label: string): DialogQuestion | null {
  const kinds = zeroLimitKinds(limits ?? {});
  return kinds.length === 0 ? null : { title: 'A limit of 0?', lines: describeLockedOut(kinds), label };
}
