import type { Command } from '../src/discord/framework/command.ts';
import { apikey } from './apikey.ts';
import { audit } from './audit.ts';
import { blacklist } from './blacklist.ts';
import { customer } from './customer.ts';
import { help } from './help.ts';
import { integrate } from './integrate.ts';
import { license } from './license.ts';
import { logs } from './logs.ts';
import { mylicenses } from './mylicenses.ts';
import { product } from './product.ts';
import { redeem } from './redeem.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';
import { trial } from './trial.ts';

/** Every command, in the order of the documentation. */
export const commands: readonly Command[] = [
  setup,
  settings,
  product,
  license,
  customer,
  logs,
  audit,
  blacklist,
  apikey,
  mylicenses,
  redeem,
  trial,
  integrate,
  help,
];
