import { apiKeyCommands } from './api-key.ts';
import { attemptsCommand } from './attempts.ts';
import { auditCommand } from './audit.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { blacklistCommands } from './blacklist.ts';
import type { CliCommand } from './framework/command.ts';
import { copyStoreCommand } from './copy-store.ts';
import { discordCommands } from './discord.ts';
import { doctorCommand } from './doctor.ts';
import { guildCommands } from './guild.ts';
import { integrateCommand } from './integrate.ts';
import { licenseChangeCommands } from './license-changes.ts';
import { editLicenseCommand } from './license-edit.ts';
import { reassignLicenseCommand } from './license-reassign.ts';
import { rekeyLicenseCommand } from './license-rekey.ts';
import { issueLicenseCommand } from './license-issue.ts';
import { listLicensesCommand } from './license-list.ts';
import { shareLicenseCommand, unshareLicenseCommand } from './license-share.ts';
import { showLicenseCommand } from './license-show.ts';
import { productCommands } from './product.ts';
import { quickstartCommand } from './quickstart.ts';
import { releaseCommands } from './release.ts';
import { rolesCommand } from './roles.ts';
import { settingsCommands } from './settings.ts';
import { customerCommands } from './customer.ts';
import { userCommands } from './user.ts';

/** Every command, in the order of `--help`. */
export const commands: readonly CliCommand[] = [
  quickstartCommand,
  ...guildCommands,
  ...settingsCommands,
  ...productCommands,
  ...releaseCommands,
  issueLicenseCommand,
  showLicenseCommand,
  listLicensesCommand,
  editLicenseCommand,
  ...licenseChangeCommands,
  reassignLicenseCommand,
  shareLicenseCommand,
  unshareLicenseCommand,
  rekeyLicenseCommand,
  ...customerCommands,
  ...userCommands,
  ...blacklistCommands,
  ...apiKeyCommands,
  integrateCommand,
  attemptsCommand,
  auditCommand,
  rolesCommand,
  ...discordCommands,
  backupCommand,
  restoreCommand,
  copyStoreCommand,
  doctorCommand,
];
