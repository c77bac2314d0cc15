import { expect, test } from '@jest/globals';
import { type CommandTable, createCommandTable } from '../../src/discord/framework/command-table.ts';
import { registerCommands } from '../../src/discord/gateway/register-commands.ts';
import { help } from '../../commands/help.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';

const registered = { registered: 1, removed: 0 };
const { definitions } = createCommandTable([help], {});

function createRegistry() {
  const puts: CommandTable['definitions'][] = [];
  let there: CommandTable['definitions'] = [];
  return {
    puts,
    get: () => Promise.resolve(there),
    put: (_route: string, { body }: { body?: unknown } = {}) => {
      there = body as CommandTable['definitions'];
      puts.push(there);
      return Promise.resolve(there);
    },
    forget: () => {
      there = [];
    },
  };
}

test('commands are registered once, again when they change, and again when Discord lost them', async () => {
  const rest = createRegistry();
  const storage = openMemoryStorage();
  const register = (list: CommandTable['definitions']) =>
    registerCommands({ rest, storage, applicationId: '1', guildId: null, definitions: list });

  expect(await register(definitions)).toEqual(registered);
  expect(await register(definitions)).toEqual({ registered: 0, removed: 0 });
  expect(await register(definitions.map((one) => ({ ...one, nsfw: true })))).toEqual(registered);
  expect(await register(definitions)).toEqual(registered);
  rest.forget();
  expect(await register(definitions)).toEqual(registered);
  expect(rest.puts).toHaveLength(4);
  await storage.close();
});
