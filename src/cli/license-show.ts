import { commandLine } from '../domain/actor.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { findLicense, licenseCard, warnOfDenyingEntries } from './license-row.ts';

export const showLicenseCommand: CliCommand = {
  usage: 'license show <key>',
  takesOrder: true,
  description: 'show a license with its whole key; the audit log records that the key was shown',
  notes: '<key> is a key or an id. Digits alone are an id; key:TEXT is always a key.',
  run: async (call) => {
    const { id: licenseId, guildId } = await findLicense(call);
    const { key } = unwrap(await call.services.licenses.reveal({ guildId, actor: commandLine, licenseId }));
    const view = unwrap(await call.services.licenses.view(guildId, licenseId));
    await warnOfDenyingEntries(call, view.license);
    return { json: { license: licenseJson(view, key) }, text: licenseCard(view, key) };
  },
};
