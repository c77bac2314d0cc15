import type { APIButtonComponent } from 'discord.js';
import type { Settings } from '../../domain/settings/settings.ts';
import { askFirst } from '../framework/ask-first.ts';
import type { ComponentHandler } from '../framework/command.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { button } from '../framework/components.ts';
import { handlerNames } from '../framework/handler-names.ts';
import type { Reply } from '../framework/reply.ts';
import { changeSettings, describeOutcome } from '../settings/change-setting.ts';
import { describeValue } from '../texts/settings.ts';

const isSet = 'Addresses follow HWIDs in this server already (`limits.ipMode`).';

/** Offers the mode in which the address of a known HWID may change. It asks first, since it is a setting of the guild. */
export function followHwidButton(customId: string): APIButtonComponent {
  return button(customId, 'Let addresses follow HWIDs', 'primary');
}

function isFollowing(settings: Settings): boolean {
  return settings['limits.ipMode'] === 'follow-hwid';
}

/** Says what the mode changes, for whom, and what bounds a shared key from then on. */
export function askToFollowHwid(context: GuildContext): Reply | string {
  const { settings } = context;
  if (isFollowing(settings)) return isSet;
  return askFirst(context, {
    title: 'Let addresses follow HWIDs?',
    lines: [
      'This sets `limits.ipMode` to `follow-hwid` for **all licenses of this server**.',
      'A client whose HWID is bound to its license is let in from any address. Where the IPs are full, its new address takes the place of the one that was not seen for longest.',
      `How many machines may use a license is then up to its limit of HWIDs (limits.hwid: ${describeValue('limits.hwid', settings['limits.hwid'])}). Where that is unlimited, nothing changes.`,
    ],
    label: 'Set it for all licenses',
    handler: 'follow-hwid-yes',
  });
}

async function setFollowHwid(context: GuildContext): Promise<Reply | string> {
  if (isFollowing(context.settings)) return isSet;
  const outcome = await changeSettings(context, [{ key: 'limits.ipMode', value: 'follow-hwid' }]);
  return describeOutcome(outcome);
}

export const followHwidHandlers: Readonly<Record<string, ComponentHandler<GuildContext>>> = {
  [handlerNames.followHwid]: {
    access: 'settings',
    reply: 'private',
    run: (context) => Promise.resolve(askToFollowHwid(context)),
  },
  'follow-hwid-yes': { access: 'settings', reply: 'update', once: true, run: setFollowHwid },
};
