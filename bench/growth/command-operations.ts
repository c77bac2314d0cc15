import { type CommandCase, commandCases, completedTexts } from './command-cases.ts';
import { completedOptions } from './command-options.ts';
import { answerTo, type GrowthWorld, type Operation } from './operation.ts';

/** Every slash command in each of its uses, and every option that completes. */
export function commandOperations(): readonly Operation[] {
  const used = Object.entries(commandCases).flatMap(([name, cases]) => cases.map((one) => useOf(name, one)));
  const known = new Set<string>();
  const completed = [...completedOptions()].flatMap(([name, options]) =>
    options.flatMap((option) => {
      const texts = completedTexts[option] ?? [];
      // Options of one name complete alike: each command is asked, but only the first one with every text.
      const asked = known.has(option) ? texts.slice(-1) : texts;
      known.add(option);
      return asked.map((text) => completionOf(name, option, text));
    }),
  );
  // Deleting and restoring the product come last, because they change every license.
  return [...completed, ...used];
}

function useOf(name: string, { options = {}, by, press = [], type = {}, refusesChecks }: CommandCase): Operation {
  const given = Object.entries(options).map(([option, value]) => ` ${option}:${value}`);
  return {
    name: `/${name}${given.join('')}${press.map((label) => `, ${label}`).join('')}`,
    ...(refusesChecks && { refusesChecks }),
    run: async ({ discord, guildId, channelId, managerId, buyerId }) => {
      const user = discord.user(by === 'buyer' ? buyerId : managerId).starting;
      const used = await user.command(guildId, channelId, name, options);
      let problem = await answerTo(used);
      let { reply } = used;
      for (const label of press) {
        if (problem !== null || !reply?.buttons.some((button) => button.label === label && !button.disabled)) break;
        const pressed = await user.click(reply, label);
        problem = await answerTo(pressed);
        const { modal } = pressed;
        if (modal) problem = await answerTo(await user.submitModal(modal, type));
        reply = pressed.reply ?? reply;
      }
      return problem;
    },
  };
}

function completionOf(name: string, option: string, text: string): Operation {
  return {
    name: `/${name} completes ${option} “${text}”`,
    run: async ({ discord, guildId, channelId, managerId }: GrowthWorld) => {
      const user = discord.user(managerId).starting;
      return answerTo(await user.autocomplete(guildId, channelId, name, option, { [option]: text }));
    },
  };
}
