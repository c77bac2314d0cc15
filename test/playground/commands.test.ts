import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ApplicationCommandPermissionType } from 'discord.js';
import { problemsIn, restErrorOf, setUpTestGuild, type TestSetup } from './bot.ts';

let setup: TestSetup;

beforeEach(async () => {
  setup = await setUpTestGuild();
});

afterEach(() => setup.discord.stop());

function register(...commands: object[]): Promise<unknown> {
  return setup.rest.put(`/applications/${setup.discord.applicationId}/commands`, { body: commands });
}

const long = (length: number) => 'x'.repeat(length);
const command = (change: object = {}) => ({ name: 'go', description: 'Goes', ...change });
const option = (change: object = {}) => ({ type: 3, name: 'what', description: 'What', ...change });
const named = (count: number, change: object = {}) =>
  Array.from({ length: count }, (_, index) => option({ name: `o${index}`, ...change }));
const choices = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `c${index}`, value: `${index}` }));
const withOption = (change: object) => command({ options: [option(change)] });

describe('a command that breaks a rule is rejected with 50035 at the path of the problem', () => {
  test.each([
    ['a blank in the name', command({ name: 'go now' }), '0.name STRING_TYPE_REGEX'],
    ['an upper-case name', command({ name: 'Go' }), '0.name APPLICATION_COMMAND_INVALID_NAME'],
    ['a name over 32', command({ name: long(33) }), '0.name BASE_TYPE_BAD_LENGTH'],
    ['no description', command({ description: undefined }), '0.description BASE_TYPE_REQUIRED'],
    ['a description over 100', command({ description: long(101) }), '0.description BASE_TYPE_BAD_LENGTH'],
    ['26 options', command({ options: named(26) }), '0.options BASE_TYPE_MAX_LENGTH'],
    [
      'the same option twice',
      command({ options: [option(), option()] }),
      '0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
    ],
    [
      'required after optional',
      command({ options: [option(), option({ name: 'b', required: true })] }),
      '0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
    ],
    ['26 choices', withOption({ choices: choices(26) }), '0.options.0.choices BASE_TYPE_MAX_LENGTH'],
    [
      'choices and autocomplete',
      withOption({ choices: choices(1), autocomplete: true }),
      '0.options.0.autocomplete APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE',
    ],
    [
      'a choice name over 100',
      withOption({ choices: [{ name: long(101), value: 'x' }] }),
      '0.options.0.choices.0.name BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a choice value over 100',
      withOption({ choices: [{ name: 'x', value: long(101) }] }),
      '0.options.0.choices.0.value BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a subcommand next to an option',
      command({ options: [option(), option({ type: 1, name: 'sub' })] }),
      '0.options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
    ],
    [
      'a group in a group',
      command({ options: [option({ type: 2, options: [option({ type: 2, options: [option({ type: 1 })] })] })] }),
      '0.options.0.options.0.type BASE_TYPE_CHOICES',
    ],
    [
      'a user menu with a description',
      command({ type: 2 }),
      '0.description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION',
    ],
    [
      'over 8000 characters in all',
      command({
        options: named(25, {
          description: long(100),
          choices: [
            { name: long(100), value: long(100) },
            { name: 'y', value: long(30) },
          ],
        }),
      }),
      '0 APPLICATION_COMMAND_TOO_LARGE',
    ],
  ])('%s', async (_, body, problem) => {
    const { status, code, errors } = await restErrorOf(register(body));
    expect({ status, code, problems: problemsIn(errors) }).toEqual({ status: 400, code: 50035, problems: [problem] });
    expect(setup.discord.registeredCommands()).toEqual([]);
  });

  test('two of one name and type', async () => {
    expect(problemsIn((await restErrorOf(register(command(), command()))).errors)).toEqual([
      '1.name APPLICATION_COMMANDS_DUPLICATE_NAME',
    ]);
    await register(command(), { type: 2, name: 'go' });
  });
});

describe('registering', () => {
  test.each([
    [1, 100],
    [2, 15],
    [3, 15],
  ])('more commands of type %i than %i are 30032', async (type, max) => {
    const list = Array.from({ length: max + 1 }, (_, index) => ({
      type,
      name: `c${index}`,
      ...(type === 1 && { description: 'x' }),
    }));
    expect(await restErrorOf(register(...list))).toMatchObject({ status: 400, code: 30032 });
    await register(...list.slice(1));
  });

  test('answers full objects and keeps the id of a command that was there', async () => {
    const [first] = (await register(command())) as { id: string; version: string }[];
    const [second] = (await register(command({ description: 'Runs' }))) as { id: string; version: string }[];
    expect(second).toMatchObject({
      id: first?.id,
      description: 'Runs',
      application_id: setup.discord.applicationId,
      type: 1,
    });
    expect(second?.version).not.toBe(first?.version);
  });

  test('one by one: create, change, remove', async () => {
    const path = `/applications/${setup.discord.applicationId}/commands` as const;
    const { id } = (await setup.rest.post(path, { body: command() })) as { id: string };
    await setup.rest.patch(`${path}/${id}`, { body: { description: 'Runs' } });
    expect(setup.discord.registeredCommands()).toMatchObject([{ name: 'go', description: 'Runs' }]);
    await setup.rest.delete(`${path}/${id}`);
    expect(await restErrorOf(setup.rest.get(`${path}/${id}`))).toMatchObject({ status: 404, code: 10063 });
  });

  test('for another application is 20012', async () => {
    expect(await restErrorOf(setup.rest.get('/applications/123456789012345678/commands'))).toMatchObject({
      status: 403,
      code: 20012,
    });
  });

  test('permissions can be read by a bot, not set', async () => {
    const [{ id }] = (await register(command())) as [{ id: string }];
    const base = `/applications/${setup.discord.applicationId}/guilds/${setup.guild}/commands` as const;
    expect(await setup.rest.get(`${base}/permissions`)).toEqual([]);
    expect(await restErrorOf(setup.rest.get(`${base}/${id}/permissions`))).toMatchObject({ status: 404, code: 10066 });
    setup.discord.setCommandPermissions(setup.guild, 'go', [
      { id: setup.buyer, type: ApplicationCommandPermissionType.User, permission: true },
    ]);
    expect(await setup.rest.get(`${base}/${id}/permissions`)).toMatchObject({ id, permissions: [{ id: setup.buyer }] });
    const put = setup.rest.put(`${base}/${id}/permissions`, { body: { permissions: [] } });
    expect(await restErrorOf(put)).toMatchObject({ status: 403, code: 20001 });
  });
});
