import type { SlashCommandBooleanOption, SlashCommandStringOption } from 'discord.js';
import { fieldLimits } from '../../domain/field-limits.ts';
import type { Options } from '../framework/context.ts';

/** Whether and with what reason a change is told to the owner. */
export interface NotificationChoice {
  readonly reason: string | null;
  readonly silent: boolean;
}

export function reasonOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option.setName('reason').setDescription('Told to the owner').setMaxLength(fieldLimits.reason);
}

export function silentOption(option: SlashCommandBooleanOption): SlashCommandBooleanOption {
  return option.setName('silent').setDescription('Tell the owner nothing');
}

export function notificationFrom(options: Options): NotificationChoice {
  return { reason: options.text('reason'), silent: options.flag('silent') ?? false };
}
