import { parseArgs } from 'node:util';
import { startLocalDiscord } from './local-discord.ts';
import { setUpPlayers } from './prompt/players.ts';
import { runPrompt } from './prompt/run-prompt.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    token: { type: 'string', default: 'token-of-the-local-discord' },
  },
});

const discord = await startLocalDiscord({ port: Number(values.port), token: values.token });
const players = setUpPlayers(discord);

console.log(`A local Discord serves ${discord.url}. In another terminal:

  DISCORD_API_URL=${discord.url} DISCORD_TOKEN=${discord.token} npm start

Server "Playground" ${players.guild}; users ${Object.entries(players.users)
  .map(([name, id]) => `${name} ${id}`)
  .join(', ')}
`);

process.once('SIGINT', () => {
  void discord.stop().then(() => process.exit(0));
});

runPrompt(discord, players);
