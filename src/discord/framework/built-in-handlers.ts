import type { ComponentHandler } from './command.ts';
import { cancelHandler } from './ask-first.ts';
import { handlerNames } from './handler-names.ts';
import { embed } from './embed.ts';

/** Handler of every *Post here* button. */
export const postHereHandler = 'post-here';

const cancel: ComponentHandler = {
  access: 'buyer',
  reply: 'update',
  run: () => Promise.resolve('Nothing was changed.'),
};

/** Posts the embeds of a private message into the channel. Content and files, which hold keys, stay private. */
const postHere: ComponentHandler = {
  access: 'buyer',
  reply: 'public',
  once: true,
  run: ({ messageEmbeds }) => Promise.resolve({ embeds: messageEmbeds }),
};

const guide: ComponentHandler = {
  access: 'buyer',
  reply: 'private',
  run: () =>
    Promise.resolve({
      embeds: [
        embed({
          title: 'How to use your key',
          lines: [
            '1. Copy the message that is only the key.',
            '2. Paste it where your program asks for it, mostly its configuration file, and start the program.',
            '3. Each machine that runs it takes one of your places. If you move, `/mylicenses` forgets the old one.',
            '',
            'If it is refused, `/mylicenses` says why and what helps.',
          ],
        }),
      ],
    }),
};

/** The handlers of buttons that the framework itself makes. */
export const builtInHandlers: Readonly<Record<string, ComponentHandler>> = {
  [cancelHandler]: cancel,
  [postHereHandler]: postHere,
  [handlerNames.guide]: guide,
};
