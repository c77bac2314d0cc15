import { createInterface } from 'node:readline';
import { ClientRefusal } from '../control/client-rejection.ts';
import type { Interaction } from '../control/interaction.ts';
import type { SeenMessage, SeenModal } from '../control/visible-message.ts';
import type { LocalDiscord } from '../local-discord.ts';
import { parseLine, type Line } from './parse-line.ts';
import { idOf, toOptions, type Players } from './players.ts';
import { renderMessage, renderModal } from './render.ts';

const help = `  /command sub option:value user:@buyer channel:#logs role:&customer   use a command in #general
  dm /command …    the same in the DM with the bot      as owner | staff | buyer   be somebody else
  click Label      the newest such button               pick value|#logs|&role …   in the newest select
  fill Label=text  send the open form                   say text, dm text          write
  look             everything that is there             quit`;

/** Lets a person be any of the users; what each of them sees is printed as it appears. */
export function runPrompt(discord: LocalDiscord, players: Players): void {
  const readline = createInterface({ input: process.stdin, output: process.stdout });
  const shown = new Map<string, string>();
  let current = 'staff';
  let openModal: SeenModal | undefined;

  let isOpen = true;

  const ask = () => {
    if (isOpen) readline.prompt(true);
  };
  const print = (text: string) => {
    process.stdout.write(`\r${text}\n`);
    ask();
  };

  function seenBy(user: string): { where: string; message: SeenMessage }[] {
    const id = players.users[user] ?? '';
    const inChannels = Object.entries(players.channels).flatMap(([name, channel]) =>
      discord.messages(channel, id).map((message) => ({ where: `#${name}`, message })),
    );
    return [...inChannels, ...discord.dms(id).map((message) => ({ where: `DM of ${user}`, message }))];
  }

  function printNews(): void {
    for (const user of Object.keys(players.users)) {
      for (const { where, message } of seenBy(user)) {
        const text = renderMessage(message, message.ephemeral ? `${where}, ${user}` : where);
        if (shown.get(message.id) === text) continue;
        shown.set(message.id, text);
        print(text);
      }
    }
  }

  async function show(action: Promise<Interaction>): Promise<void> {
    const done = await action;
    if (done.error) print('The application did not respond');
    openModal = done.modal;
    if (openModal) print(renderModal(openModal));
  }

  async function run(line: Line): Promise<void> {
    const user = discord.user(players.users[current] ?? '');
    const newest = (isIt: (message: SeenMessage) => boolean) => {
      const found = seenBy(current)
        .map(({ message }) => message)
        .filter(isIt)
        .sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
        .at(-1);
      if (!found) throw new ClientRefusal('unknown-component', 'there is no such thing on any message');
      return found;
    };
    switch (line.kind) {
      case 'command': {
        const options = toOptions(discord, players, line.words, line.options);
        const [guild, channel] = line.inDm ? [null, null] : [players.guild, players.channels.general ?? ''];
        return show(user.command(guild, channel, line.words, options));
      }
      case 'click': {
        const message = newest(({ buttons }) => buttons.some(({ label }) => label === line.label));
        return show(user.click(message, line.label));
      }
      case 'pick': {
        const message = newest(({ selects }) => selects.length > 0);
        return show(
          user.select(
            message,
            message.selects[0]?.customId ?? '',
            line.values.map((value) => idOf(players, value)),
          ),
        );
      }
      case 'fill':
        if (!openModal) throw new ClientRefusal('unknown-component', 'no form is open');
        return show(user.submitModal(openModal, line.fields));
      case 'say':
        user.say(line.inDm ? null : (players.channels.general ?? ''), line.text);
        return;
      case 'as':
        if (line.user in players.users) current = line.user;
        readline.setPrompt(`${current}> `);
        return;
      case 'look':
        shown.clear();
        printNews();
        return;
      case 'quit':
        process.exit(0);
        return;
      case 'help':
        print(help);
        return;
      case 'nothing':
    }
  }

  discord.onChange(printNews);
  readline.setPrompt(`${current}> `);
  readline.on('line', (text) => {
    run(parseLine(text))
      .catch((error: unknown) => {
        print(error instanceof Error ? error.message : String(error));
      })
      .finally(ask);
  });
  // Without anybody to ask the server goes on, and prints what is to be seen.
  readline.on('close', () => {
    isOpen = false;
  });
  print(help);
}
