import type { Command } from '../src/discord/command.ts';
import { help } from './help.ts';
import { license } from './license.ts';
import { logs } from './logs.ts';
import { mylicenses } from './mylicenses.ts';
import { redeem } from './redeem.ts';

/** Every command, in the order of the documentation. */
export const commands: readonly Command[] = [license, logs, mylicenses, redeem, help];
