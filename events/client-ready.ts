import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';
import { reportForeignCommands } from '../src/discord/gateway/report-foreign-commands.ts';
import { inviteLink } from '../src/discord/gateway/invite-link.ts';

/**
 * Logs the invite link, stores the bot's guilds and registers the commands, each also if another one fails; then looks
 * for commands that another program left.
 */
export const clientReady = botEvent(Events.ClientReady, async (context, client) => {
  const { services, log, serves, servesAnyGuild, registerCommands } = context;
  log.info('The bot is connected to Discord', { user: client.user.tag, servers: client.guilds.cache.size });
  log.info(`Invite it with ${inviteLink(client.application.id)}`);

  async function warnIfPublic(): Promise<void> {
    const { botPublic } = await client.application.fetch();
    if (botPublic && servesAnyGuild) {
      log.warn(
        'Anybody can invite this bot and keep licenses here: set guilds.allowed, ' +
          'or switch Public Bot off at https://discord.com/developers/applications under Bot',
      );
    }
  }

  const served = [...client.guilds.cache.values()].filter(({ id }) => serves(id));

  async function ensureGuilds(): Promise<void> {
    for (const { id, name } of served) await services.guilds.ensure({ id, name });
  }

  await Promise.all([warnIfPublic(), ensureGuilds().finally(() => registerCommands(client.application.id))]);
  await reportForeignCommands(
    context,
    served.map(({ id }) => id),
  );
});
