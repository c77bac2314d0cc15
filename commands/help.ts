import { type APIEmbed, SlashCommandBuilder } from 'discord.js';
import type { SlashCommand } from '../src/discord/framework/command.ts';
import { embed } from '../src/discord/framework/embed.ts';

export const help: SlashCommand = {
  definition: new SlashCommandBuilder().setName('help').setDescription('What you can do here with your licenses'),
  access: 'buyer',
  reply: 'private',
  run: (context) => Promise.resolve({ embeds: [describeHelp(context.missing('license.view') === null)] }),
};

/** What buyers can do, and for staff where to begin. */
export function describeHelp(isStaff: boolean): APIEmbed {
  return embed({
    title: 'Licenses',
    lines: [
      '`/mylicenses` shows your licenses, why a check was refused, and lets you forget old machines.',
      '*Share* in there gives others the roles of a license, without its key.',
      '`/redeem` turns a key you were given into your license.',
      '-# Both also work in my direct messages. Never share a key: whoever has it can use up your machines.',
    ],
    fields: isStaff
      ? [
          ['Staff: begin', '`/setup`, then `/product create` and `/license issue`', false],
          ['Staff: a customer has trouble', '`/license info` with their name, key, IP or HWID', false],
          [
            'Staff: customers’ addresses or machines change',
            'a preset of `/setup`, or `limits.ipMode` and `limits.onFull` in `/settings edit`',
            false,
          ],
          [
            'Staff: everything else',
            '`/settings view`, `/product version`, `/customer show`, `/logs`, `/audit`, `/blacklist add`, `/apikey create`, `/integrate`',
            false,
          ],
        ]
      : [],
  });
}
