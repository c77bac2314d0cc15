import { apiKeyCommands } from './api-key.ts';
import { attemptsCommand } from './attempts.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { blacklistCommands } from './blacklist.ts';
import type { CliCommand } from './framework/command.ts';
import { copyStoreCommand } from './copy-store.ts';
import { doctorCommand } from './doctor.ts';
import { guildCommands } from './guild.ts';
import { integrateCommand } from './integrate.ts';
import { licenseChangeCommands } from './license-changes.ts';
import { editCommand } from './license-edit.ts';
import { reassignCommand, rekeyCommand } from './license-reassign.ts';
import { issueCommand } from './license-issue.ts';
import { listCommand, showCommand } from './license-show.ts';
import { productCommands } from './product.ts';
import { quickstartCommand } from './quickstart.ts';
import { releaseCommands } from './release.ts';
import { rolesCommand } from './roles.ts';
import { settingsCommands } from './settings.ts';
import { userCommands } from './user.ts';

/** Every command, in the order of `--help`. */
export const commands: readonly CliCommand[] = [
  quickstartCommand,
  ...guildCommands,
  ...settingsCommands,
  ...productCommands,
  ...releaseCommands,
  issueCommand,
  showCommand,
  listCommand,
  editCommand,
  ...licenseChangeCommands,
  reassignCommand,
  rekeyCommand,
  ...userCommands,
  ...blacklistCommands,
  ...apiKeyCommands,
  integrateCommand,
  attemptsCommand,
  rolesCommand,
  backupCommand,
  restoreCommand,
  copyStoreCommand,
  doctorCommand,
];
