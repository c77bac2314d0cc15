import type { SlashCommandBooleanOption, SlashCommandStringOption } from 'discord.js';
import { z } from 'zod';
import { fieldLimits } from '../../domain/values/field-limits.ts';
import type { Options } from '../framework/command-context.ts';

export const notificationShape = { reason: z.string().nullable(), silent: z.boolean() };

/** Whether the owner is notified of a change, and with what reason. */
export type NotificationChoice = Readonly<z.infer<z.ZodObject<typeof notificationShape>>>;

export function reasonOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option.setName('reason').setDescription('The owner reads it, too').setMaxLength(fieldLimits.reason);
}

export function silentOption(option: SlashCommandBooleanOption): SlashCommandBooleanOption {
  return option.setName('silent').setDescription('Do not notify the owner');
}

export function notificationFrom(options: Options): NotificationChoice {
  return { reason: options.text('reason'), silent: options.flag('silent') ?? false };
}
