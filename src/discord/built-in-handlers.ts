import type { ComponentHandler } from './command.ts';
import { cancelHandler } from './confirm.ts';

/** Handler of every *Post here* button. */
export const postHereHandler = 'post-here';

const cancel: ComponentHandler = {
  access: 'buyer',
  reply: 'update',
  run: () => Promise.resolve('Nothing was changed.'),
};

/** Posts the private message's embeds for everybody: content and files, where keys stand, stay private. */
const postHere: ComponentHandler = {
  access: 'buyer',
  reply: 'public',
  once: true,
  run: ({ shown }) => Promise.resolve({ embeds: shown }),
};

/** Buttons that the framework itself makes. */
export const builtInHandlers: Readonly<Record<string, ComponentHandler>> = {
  [cancelHandler]: cancel,
  [postHereHandler]: postHere,
};
