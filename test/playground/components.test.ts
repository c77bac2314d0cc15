import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MessageFlags } from 'discord.js';
import { problemsIn, restErrorOf, setUpTestGuild, type TestSetup } from './bot.ts';

let setup: TestSetup;

beforeEach(async () => {
  setup = await setUpTestGuild();
});

afterEach(() => setup.discord.stop());

function send(body: object): Promise<unknown> {
  return setup.rest.post(`/channels/${setup.channel}/messages`, { body });
}

const long = (length: number) => 'x'.repeat(length);
const button = (change: object = {}) => ({ type: 2, style: 1, label: 'Go', custom_id: 'go', ...change });
const option = (value: string) => ({ label: value, value });
const select = (change: object = {}) => ({ type: 3, custom_id: 'pick', options: [option('a')], ...change });
const row = (...components: object[]) => ({ type: 1, components });
const buttons = (count: number) => Array.from({ length: count }, (_, index) => button({ custom_id: `go${index}` }));
const text = (content: string) => ({ type: 10, content });
const v2 = (...components: object[]) => ({ flags: MessageFlags.IsComponentsV2, components });
const container = (...components: object[]) => ({ type: 17, components });

const inRow = 'components.0.components.0';

describe('components that break a rule are rejected with 50035 at the path of the problem', () => {
  test.each([
    [
      'six rows',
      Array.from({ length: 6 }, (_, index) => row(button({ custom_id: `r${index}` }))),
      'components BASE_TYPE_MAX_LENGTH',
    ],
    ['an empty row', [row()], 'components.0.components BASE_TYPE_BAD_LENGTH'],
    ['six buttons in a row', [row(...buttons(6))], 'components.0.components BASE_TYPE_BAD_LENGTH'],
    ['a select next to a button', [row(select(), button())], 'components.0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED'],
    ['a button outside a row', [button()], 'components.0.type UNION_TYPE_CHOICES'],
    ['custom id over 100', [row(button({ custom_id: long(101) }))], `${inRow}.custom_id BASE_TYPE_BAD_LENGTH`],
    ['no custom id', [row(button({ custom_id: undefined }))], `${inRow}.custom_id BASE_TYPE_REQUIRED`],
    [
      'the same custom id twice',
      [row(button(), button())],
      'components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED',
    ],
    ['label over 80', [row(button({ label: long(81) }))], `${inRow}.label BASE_TYPE_MAX_LENGTH`],
    [
      'neither label nor emoji',
      [row(button({ label: undefined }))],
      `${inRow}.label BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED`,
    ],
    [
      'a link button without a link',
      [row(button({ style: 5, custom_id: undefined }))],
      `${inRow}.url BASE_TYPE_REQUIRED`,
    ],
    [
      'a link button with a custom id',
      [row(button({ style: 5, url: 'https://x.y' }))],
      `${inRow}.custom_id BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE`,
    ],
    ['a select without options', [row(select({ options: [] }))], `${inRow}.options BASE_TYPE_BAD_LENGTH`],
    [
      '26 options',
      [row(select({ options: Array.from({ length: 26 }, (_, index) => option(String(index))) }))],
      `${inRow}.options BASE_TYPE_BAD_LENGTH`,
    ],
    [
      'the same value twice',
      [row(select({ options: [option('a'), option('a')] }))],
      `${inRow}.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED`,
    ],
    [
      'max_values over the options',
      [row(select({ max_values: 2 }))],
      `${inRow}.max_values SELECT_COMPONENT_MAX_VALUES_TOO_LARGE`,
    ],
    ['placeholder over 150', [row(select({ placeholder: long(151) }))], `${inRow}.placeholder BASE_TYPE_MAX_LENGTH`],
    ['a text display without the flag', [text('x')], 'components.0.type UNION_TYPE_CHOICES'],
  ])('%s', async (_, components, problem) => {
    const { code, errors } = await restErrorOf(send({ content: 'x', components }));
    expect({ code, problems: problemsIn(errors) }).toEqual({ code: 50035, problems: [problem] });
  });

  test('five rows of five buttons are accepted', async () => {
    const rows = Array.from({ length: 5 }, (_, at) =>
      row(...Array.from({ length: 5 }, (__, on) => button({ custom_id: `${at}${on}` }))),
    );
    await send({ content: 'x', components: rows });
    expect(setup.discord.messages(setup.channel)[0]?.buttons).toHaveLength(25);
  });
});

describe('components version 2', () => {
  test.each([
    ['content', { ...v2(text('x')), content: 'x' }, 'content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2'],
    [
      'embeds',
      { ...v2(text('x')), embeds: [{ title: 'x' }] },
      'embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    ['a poll', { ...v2(text('x')), poll: {} }, 'poll MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2'],
    [
      'stickers',
      { ...v2(text('x')), sticker_ids: ['1'] },
      'sticker_ids MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    [
      '41 components in all',
      v2(container(...Array<object>(20).fill(text('x'))), container(...Array<object>(19).fill(text('x')))),
      'components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
    ],
    [
      '4001 characters in all',
      v2(text(long(2000)), container(text(long(2001)))),
      'components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
    ],
    [
      'a container in a container',
      v2(container(container(text('x')))),
      'components.0.components.0.type UNION_TYPE_CHOICES',
    ],
    [
      'a section without accessory',
      v2({ type: 9, components: [text('x')] }),
      'components.0.accessory BASE_TYPE_REQUIRED',
    ],
    [
      'a file that was not uploaded',
      v2({ type: 13, file: { url: 'attachment://a.txt' } }),
      'components.0.file.url COMPONENT_MEDIA_ATTACHMENT_NOT_FOUND',
    ],
  ])('rejects %s', async (_, body, problem) => {
    const { code, errors } = await restErrorOf(send(body));
    expect({ code, problems: problemsIn(errors) }).toEqual({ code: 50035, problems: [problem] });
  });

  test('shows its texts and buttons, and resolves uploaded files', async () => {
    const section = { type: 9, components: [text('A card')], accessory: button() };
    const file = { type: 13, file: { url: 'attachment://a.txt' } };
    await setup.rest.post(`/channels/${setup.channel}/messages`, {
      body: v2(container(section, { type: 14 }, row(select())), file),
      files: [{ name: 'a.txt', data: Buffer.from('hi') }],
    });
    const [message] = setup.discord.messages(setup.channel);
    expect(message).toMatchObject({
      text: 'A card\nGo\na',
      buttons: [{ label: 'Go' }],
      selects: [{ customId: 'pick' }],
    });
    expect(message?.components[1]).toMatchObject({ file: { url: message?.files[0]?.url } });
  });

  test('cannot be switched off on an edit', async () => {
    const { id } = (await send(v2(text('x')))) as { id: string };
    const path = `/channels/${setup.channel}/messages/${id}` as const;
    expect(
      problemsIn((await restErrorOf(setup.rest.patch(path, { body: { flags: 0, components: [] } }))).errors),
    ).toEqual(['flags MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG']);
    await setup.rest.patch(path, { body: { components: [text('y')] } });
    expect(setup.discord.messages(setup.channel)[0]?.text).toBe('y');
  });

  test('a plain message becomes one only without its content', async () => {
    const { id } = (await send({ content: 'plain' })) as { id: string };
    const path = `/channels/${setup.channel}/messages/${id}` as const;
    expect(await restErrorOf(setup.rest.patch(path, { body: v2(text('x')) }))).toMatchObject({ code: 50035 });
    await setup.rest.patch(path, { body: { ...v2(text('x')), content: null } });
    expect(setup.discord.messages(setup.channel)[0]?.text).toBe('x');
  });
});
