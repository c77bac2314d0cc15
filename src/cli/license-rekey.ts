import { commandLine } from '../domain/actor.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { reasonOption, silentOption } from './license-options.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { findLicense } from './license-row.ts';

export const rekeyLicenseCommand: CliCommand = {
  usage: 'license rekey <key>',
  takesOrder: true,
  description: 'replace a leaked key with a new one; machines stay known',
  options: [
    { flags: '--new-key <key>', description: 'use this key instead of a generated one' },
    reasonOption,
    silentOption,
  ],
  run: async (call) => {
    const { id: licenseId, guildId } = await findLicense(call);
    const { key, ...changed } = unwrap(
      await call.services.licenses.rekey({
        guildId,
        actor: commandLine,
        licenseId,
        key: call.text('newKey'),
        reason: call.text('reason'),
        silent: call.flag('silent'),
      }),
    );
    const settings = unwrap(await call.services.settings.view(guildId));
    const lastActiveAt = await call.services.licenses.lastActiveAt(guildId, licenseId);
    return {
      json: { license: licenseJson(rowOf(changed, settings, call.context.now()), key, lastActiveAt) },
      text: `License ${licenseId} has a new key; the old one no longer works.\n${key}`,
    };
  },
};
