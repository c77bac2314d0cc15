import type { SlashCommandStringOption } from 'discord.js';
import { licenseStates } from '../../domain/license.ts';

/** The option `state` of lists. */
export function stateOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option
    .setName('state')
    .setDescription('Only those in this state; deleted ones are shown by this alone')
    .addChoices(
      ...licenseStates.map((state) => ({ name: state === 'off' ? 'paused by its owner' : state, value: state })),
    );
}
