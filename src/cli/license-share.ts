import { commandLine } from '../domain/actor.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { licenseJson } from '../services/json/license-json.ts';
import type { CliCommand, CliOption, StoreCall } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { findLicense } from './license-row.ts';
import { requireDiscordUser } from './new-owner.ts';
import { reasonOption, silentOption } from './license-options.ts';

const withOption = (description: string): CliOption => ({ flags: '--with <discord-id>', description, required: true });

export const shareLicenseCommand: CliCommand = {
  usage: 'license share <key>',
  takesOrder: true,
  description: 'share a license with one more Discord user, as its owner can',
  options: [withOption('who gets its roles and sees it'), reasonOption, silentOption],
  run: async (call) => {
    await requireDiscordUser(call, call.text('with') ?? null);
    return changeSharing(call, 'share');
  },
};

export const unshareLicenseCommand: CliCommand = {
  usage: 'license unshare <key>',
  takesOrder: true,
  description: 'stop sharing a license with a Discord user',
  options: [withOption('whom it is shared with'), reasonOption, silentOption],
  run: (call) => changeSharing(call, 'unshare'),
};

async function changeSharing(call: StoreCall, what: 'share' | 'unshare') {
  const { id: licenseId, guildId } = await findLicense(call);
  const changed = unwrap(
    await call.services.licenses[what]({
      guildId,
      actor: commandLine,
      licenseId,
      helperId: call.text('with') ?? '',
      reason: call.text('reason'),
      silent: call.flag('silent'),
    }),
  );
  const { license } = changed;
  const settings = unwrap(await call.services.settings.view(guildId));
  const lastActiveAt = await call.services.licenses.lastActiveAt(guildId, licenseId);
  const others = license.helperIds.length === 0 ? 'nobody' : license.helperIds.join(', ');
  return {
    json: { license: licenseJson(rowOf(changed, settings, call.context.now()), null, lastActiveAt) },
    text: `License ${licenseId} is shared with ${others}.`,
  };
}
