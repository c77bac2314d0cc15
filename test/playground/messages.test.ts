import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PermissionFlagsBits } from 'discord.js';
import { problemsIn, restErrorOf, setUpTestGuild, type TestSetup } from './bot.ts';

let setup: TestSetup;

beforeEach(async () => {
  setup = await setUpTestGuild();
});

afterEach(() => setup.discord.stop());

interface Sent {
  readonly id: string;
  readonly content: string;
}

function send(body: object, files: { name: string; data: Buffer }[] = []): Promise<unknown> {
  return setup.rest.post(`/channels/${setup.channel}/messages`, { body, files });
}

const long = (length: number) => 'x'.repeat(length);
const embeds = (...list: object[]) => ({ embeds: list });
const field = { name: 'n', value: 'v' };

describe('a message that breaks a limit is rejected with 50035 at the path of the problem', () => {
  test.each([
    ['content over 2000', { content: long(2001) }, 'content BASE_TYPE_MAX_LENGTH'],
    ['eleven embeds', embeds(...Array<object>(11).fill({ title: 'x' })), 'embeds BASE_TYPE_MAX_LENGTH'],
    ['title over 256', embeds({ title: long(257) }), 'embeds.0.title BASE_TYPE_MAX_LENGTH'],
    ['description over 4096', embeds({ description: long(4097) }), 'embeds.0.description BASE_TYPE_MAX_LENGTH'],
    ['26 fields', embeds({ fields: Array<object>(26).fill(field) }), 'embeds.0.fields BASE_TYPE_MAX_LENGTH'],
    [
      'field name over 256',
      embeds({ fields: [{ ...field, name: long(257) }] }),
      'embeds.0.fields.0.name BASE_TYPE_MAX_LENGTH',
    ],
    ['empty field value', embeds({ fields: [{ ...field, value: '' }] }), 'embeds.0.fields.0.value BASE_TYPE_REQUIRED'],
    [
      'field value over 1024',
      embeds({ fields: [{ ...field, value: long(1025) }] }),
      'embeds.0.fields.0.value BASE_TYPE_MAX_LENGTH',
    ],
    ['footer over 2048', embeds({ footer: { text: long(2049) } }), 'embeds.0.footer.text BASE_TYPE_MAX_LENGTH'],
    ['author over 256', embeds({ author: { name: long(257) } }), 'embeds.0.author.name BASE_TYPE_MAX_LENGTH'],
    ['an empty embed', embeds({}), 'embeds.0.description BASE_TYPE_REQUIRED'],
    ['a colour out of range', embeds({ title: 'x', color: 0x1_00_00_00 }), 'embeds.0.color NUMBER_TYPE_MAX'],
    ['a link without http', embeds({ title: 'x', url: 'ftp://x.y' }), 'embeds.0.url URL_TYPE_INVALID_SCHEME'],
    [
      'embeds over 6000 together',
      embeds({ description: long(4000) }, { description: long(2001) }),
      'embeds MAX_EMBED_SIZE_EXCEEDED',
    ],
    ['a nonce over 25', { content: 'x', nonce: long(26) }, 'nonce BASE_TYPE_MAX_LENGTH'],
    ['content that is no text', { content: 5 }, 'content STRING_TYPE_CONVERT'],
    [
      'parse and a list of the same',
      { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
      'allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
    ],
    [
      'a reply to nothing',
      { content: 'x', message_reference: { message_id: '1' } },
      'message_reference MESSAGE_REFERENCE_UNKNOWN_MESSAGE',
    ],
  ])('%s', async (_, body, problem) => {
    const { status, code, errors } = await restErrorOf(send(body));
    expect({ status, code, problems: problemsIn(errors) }).toEqual({ status: 400, code: 50035, problems: [problem] });
    expect(setup.discord.messages(setup.channel)).toEqual([]);
  });

  test.each([{}, { content: '' }, { content: '  \n' }, { embeds: [] }])(
    'with nothing in it is 50006: %j',
    async (body) => {
      expect(await restErrorOf(send(body))).toMatchObject({ status: 400, code: 50006 });
    },
  );

  test('a message that just meets all limits is accepted', async () => {
    await send({
      content: long(2000),
      embeds: [{ title: long(256), description: long(4096), footer: { text: long(1648) } }],
    });
    expect(setup.discord.messages(setup.channel)).toHaveLength(1);
  });
});

describe('files', () => {
  test('are readable, and named by payload_json', async () => {
    await send({ content: 'x', attachments: [{ id: 0, filename: 'keys.csv' }] }, [
      { name: 'raw', data: Buffer.from('a;ä') },
    ]);
    expect(setup.discord.messages(setup.channel)[0]?.files).toMatchObject([{ name: 'keys.csv', text: 'a;ä' }]);
    const url = setup.discord.messages(setup.channel)[0]!.files[0]!.url;
    expect(await (await fetch(url)).text()).toBe('a;ä');
  });

  test('stay on an edit unless `attachments` leaves them out', async () => {
    const files = ['a.txt', 'b.txt'].map((name) => ({ name, data: Buffer.from(name) }));
    const { id } = (await send({}, files)) as Sent;
    const path = `/channels/${setup.channel}/messages/${id}` as const;
    const names = () => setup.discord.messages(setup.channel)[0]?.files.map(({ name }) => name);
    await setup.rest.patch(path, { body: { content: 'x' } });
    expect(names()).toEqual(['a.txt', 'b.txt']);
    const kept = setup.discord.messages(setup.channel)[0]!.files[1]!.id;
    await setup.rest.patch(path, { body: { attachments: [{ id: kept }] } });
    expect(names()).toEqual(['b.txt']);
    expect(await restErrorOf(setup.rest.patch(path, { body: { content: '', attachments: [] } }))).toMatchObject({
      code: 50006,
    });
  });

  test('over 10 MiB are rejected with 40005', async () => {
    const data = Buffer.alloc(10 * 1_048_576 + 1);
    expect(await restErrorOf(send({}, [{ name: 'big', data }]))).toMatchObject({ status: 413, code: 40005 });
  });

  test('over 25 MiB together are rejected with 40005', async () => {
    const data = Buffer.alloc(9 * 1_048_576);
    const files = ['a', 'b', 'c'].map((name) => ({ name, data }));
    expect(await restErrorOf(send({}, files))).toMatchObject({ status: 413, code: 40005 });
  });

  test('more than ten are rejected', async () => {
    const files = Array.from({ length: 11 }, (_, index) => ({ name: `${index}.txt`, data: Buffer.from('x') }));
    expect(problemsIn((await restErrorOf(send({}, files))).errors)).toEqual(['attachments BASE_TYPE_MAX_LENGTH']);
  });
});

describe('permissions in the channel', () => {
  test.each([
    ['no sight of the channel', PermissionFlagsBits.ViewChannel, {}, 50001],
    ['no sending', PermissionFlagsBits.SendMessages, {}, 50013],
    ['no embeds', PermissionFlagsBits.EmbedLinks, { embeds: [{ title: 'x' }] }, 50013],
  ])('%s', async (_, denied, body, code) => {
    setup.discord.denyBotIn(setup.channel, denied);
    expect(await restErrorOf(send({ content: 'x', ...body }))).toMatchObject({ status: 403, code });
  });

  test('no files', async () => {
    setup.discord.denyBotIn(setup.channel, PermissionFlagsBits.AttachFiles);
    const file = { name: 'a.txt', data: Buffer.from('x') };
    expect(await restErrorOf(send({ content: 'x' }, [file]))).toMatchObject({ status: 403, code: 50013 });
    await send({ content: 'without' });
  });

  test('an administrator passes every overwrite', async () => {
    setup.discord.denyBotIn(setup.channel, PermissionFlagsBits.ViewChannel);
    setup.discord.setBotPermissions(setup.guild, PermissionFlagsBits.Administrator);
    await send({ content: 'x' });
    expect(setup.discord.messages(setup.channel)).toHaveLength(1);
  });
});

describe('enforce_nonce', () => {
  test('answers the first message again and makes no second one for a few minutes', async () => {
    const first = (await send({ content: 'one', nonce: '77', enforce_nonce: true })) as Sent;
    const second = (await send({ content: 'two', nonce: '77', enforce_nonce: true })) as Sent;
    expect(second).toMatchObject({ id: first.id, content: 'one' });
    expect(setup.discord.messages(setup.channel)).toHaveLength(1);
    setup.discord.advance(6 * 60_000);
    await send({ content: 'three', nonce: '77', enforce_nonce: true });
    expect(setup.discord.messages(setup.channel)).toHaveLength(2);
  });

  test('without it the same nonce makes two', async () => {
    await send({ content: 'one', nonce: '77' });
    await send({ content: 'two', nonce: '77' });
    expect(setup.discord.messages(setup.channel)).toHaveLength(2);
  });
});

describe('who is pinged', () => {
  test('a user and a mentionable role, not everyone without the permission', async () => {
    const role = setup.discord.addRole(setup.guild, { name: 'VIP', mentionable: true });
    await send({ content: `@everyone <@${setup.buyer}> <@&${role}>` });
    expect(setup.discord.messages(setup.channel)[0]?.pings).toEqual({
      everyone: false,
      users: [setup.buyer],
      roles: [role],
    });
  });

  test('no user where allowed_mentions is empty', async () => {
    setup.discord.setBotPermissions(setup.guild, PermissionFlagsBits.Administrator);
    await send({ content: `@everyone <@${setup.buyer}>`, allowed_mentions: { parse: [] } });
    expect(setup.discord.messages(setup.channel)[0]?.pings).toEqual({ everyone: false, users: [], roles: [] });
  });
});

describe('later', () => {
  test('the bot edits and deletes its own message, not that of another user', async () => {
    const own = (await send({ content: 'one' })) as Sent;
    const path = (id: string) => `/channels/${setup.channel}/messages/${id}` as const;
    await setup.rest.patch(path(own.id), { body: { content: 'two' } });
    expect(setup.discord.messages(setup.channel)).toMatchObject([{ content: 'two', edited: true }]);
    await setup.rest.delete(path(own.id));
    expect(await restErrorOf(setup.rest.get(path(own.id)))).toMatchObject({ status: 404, code: 10008 });
    const other = setup.discord.user(setup.buyer).say(setup.channel, 'hello');
    expect(await restErrorOf(setup.rest.patch(path(other.id), { body: { content: 'x' } }))).toMatchObject({
      code: 50005,
    });
    expect(await restErrorOf(setup.rest.delete(path(other.id)))).toMatchObject({ code: 50013 });
  });

  test('others’ content is empty without the message content switch', async () => {
    setup.discord.user(setup.buyer).say(setup.channel, 'secret');
    const read = () => setup.rest.get(`/channels/${setup.channel}/messages`) as Promise<Sent[]>;
    expect((await read())[0]?.content).toBe('');
    setup.discord.setPrivilegedIntents({ messageContent: true });
    expect((await read())[0]?.content).toBe('secret');
  });

  test('a deleted channel is 10003', async () => {
    setup.discord.deleteChannel(setup.channel);
    expect(await restErrorOf(send({ content: 'x' }))).toMatchObject({ status: 404, code: 10003 });
  });
});
