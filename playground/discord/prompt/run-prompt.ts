import { createInterface } from 'node:readline';
import { ClientRejection } from '../control/client-rejection.ts';
import type { Interaction } from '../control/interaction.ts';
import type { VisibleMessage } from '../control/visible-message.ts';
import type { VisibleModal } from '../control/visible-modal.ts';
import type { LocalDiscord } from '../local-discord.ts';
import { parseLine, type Line } from './parse-line.ts';
import { idOf, toOptions, type Players } from './players.ts';
import { renderMessage, renderModal } from './render.ts';

const help = `  /command sub option:value user:@buyer channel:#logs role:&customer   use a command in #general
  dm /command …    use it in the DM with the bot        as owner | staff | buyer   act as another user
  click Label      click the newest such button         pick value|#logs|&role …   choose in the newest select
  fill Label=text  submit the open form                 say text, dm text          write a message
  look             print all messages again             quit`;

/** Lets a person act as any of the users at a prompt, and prints each message that one of them can see as it appears. */
export function runPrompt(discord: LocalDiscord, players: Players): void {
  const readline = createInterface({ input: process.stdin, output: process.stdout });
  const shown = new Map<string, string>();
  let current = 'staff';
  let openModal: VisibleModal | undefined;

  let isOpen = true;

  const ask = () => {
    if (isOpen) readline.prompt(true);
  };
  const print = (text: string) => {
    process.stdout.write(`\r${text}\n`);
    ask();
  };

  function messagesVisibleTo(user: string): { where: string; message: VisibleMessage }[] {
    const id = players.users[user] ?? '';
    const inChannels = Object.entries(players.channels).flatMap(([name, channel]) =>
      discord.messages(channel, id).map((message) => ({ where: `#${name}`, message })),
    );
    return [...inChannels, ...discord.dms(id).map((message) => ({ where: `DM of ${user}`, message }))];
  }

  function printChanges(): void {
    for (const user of Object.keys(players.users)) {
      for (const { where, message } of messagesVisibleTo(user)) {
        const text = renderMessage(message, message.ephemeral ? `${where}, ${user}` : where);
        if (shown.get(message.id) === text) continue;
        shown.set(message.id, text);
        print(text);
      }
    }
  }

  async function show(action: Promise<Interaction>): Promise<void> {
    const interaction = await action;
    if (interaction.error) print('The application did not respond');
    openModal = interaction.modal;
    if (openModal) print(renderModal(openModal));
  }

  async function run(line: Line): Promise<void> {
    const user = discord.user(players.users[current] ?? '');
    const findNewest = (matches: (message: VisibleMessage) => boolean) => {
      const found = messagesVisibleTo(current)
        .map(({ message }) => message)
        .filter(matches)
        .sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
        .at(-1);
      if (!found) throw new ClientRejection('unknown-component', 'no message has such a component');
      return found;
    };
    switch (line.kind) {
      case 'command': {
        const options = toOptions(discord, players, line.words, line.options);
        const [guild, channel] = line.inDm ? [null, null] : [players.guild, players.channels.general ?? ''];
        return show(user.command(guild, channel, line.words, options));
      }
      case 'click': {
        const message = findNewest(({ buttons }) => buttons.some(({ label }) => label === line.label));
        return show(user.click(message, line.label));
      }
      case 'pick': {
        const message = findNewest(({ selects }) => selects.length > 0);
        return show(
          user.select(
            message,
            message.selects[0]?.customId ?? '',
            line.values.map((value) => idOf(players, value)),
          ),
        );
      }
      case 'fill':
        if (!openModal) throw new ClientRejection('unknown-component', 'no form is open');
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
        printChanges();
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

  discord.onChange(printChanges);
  readline.setPrompt(`${current}> `);
  readline.on('line', (text) => {
    run(parseLine(text))
      .catch((error: unknown) => {
        print(error instanceof Error ? error.message : String(error));
      })
      .finally(ask);
  });
  // When stdin is closed, the server keeps running and still prints messages, but no longer prompts.
  readline.on('close', () => {
    isOpen = false;
  });
  print(help);
}
