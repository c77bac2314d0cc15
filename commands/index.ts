import type { Command } from '../src/discord/command.ts';
import { help } from './help.ts';

/** Every command, in the order of the documentation. */
export const commands: readonly Command[] = [help];
