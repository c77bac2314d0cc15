import { expect, test } from '@jest/globals';
import { type CommandTable, createCommandTable } from '../../src/discord/framework/command-table.ts';
import { registerCommands } from '../../src/discord/gateway/register-commands.ts';
import { help } from '../../commands/help.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';

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
    registerCommands({ rest, storage, applicationId: '1', definitions: list });

  expect(await register(definitions)).toBe('registered');
  expect(await register(definitions)).toBe('unchanged');
  expect(await register(definitions.map((one) => ({ ...one, nsfw: true })))).toBe('registered');
  expect(await register(definitions)).toBe('registered');
  rest.forget();
  expect(await register(definitions)).toBe('registered');
  expect(rest.puts).toHaveLength(4);
  await storage.close();
});
