import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PermissionFlagsBits } from 'discord.js';
import { problemsIn, refusalOf, setStage, type Stage } from './bot.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
});

afterEach(() => stage.discord.stop());

interface Sent {
  readonly id: string;
  readonly content: string;
}

function send(body: object, files: { name: string; data: Buffer }[] = []): Promise<unknown> {
  return stage.rest.post(`/channels/${stage.channel}/messages`, { body, files });
}

const long = (length: number) => 'x'.repeat(length);
const embeds = (...list: object[]) => ({ embeds: list });
const field = { name: 'n', value: 'v' };

describe('a message that breaks a limit is refused with 50035 at its place', () => {
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
    const { status, code, errors } = await refusalOf(send(body));
    expect({ status, code, problems: problemsIn(errors) }).toEqual({ status: 400, code: 50035, problems: [problem] });
    expect(stage.discord.messages(stage.channel)).toEqual([]);
  });

  test.each([{}, { content: '' }, { content: '  \n' }, { embeds: [] }])(
    'with nothing in it is 50006: %j',
    async (body) => {
      expect(await refusalOf(send(body))).toMatchObject({ status: 400, code: 50006 });
    },
  );

  test('what is just within all limits is taken', async () => {
    await send({
      content: long(2000),
      embeds: [{ title: long(256), description: long(4096), footer: { text: long(1648) } }],
    });
    expect(stage.discord.messages(stage.channel)).toHaveLength(1);
  });
});

describe('files', () => {
  test('are readable, and named by payload_json', async () => {
    await send({ content: 'x', attachments: [{ id: 0, filename: 'keys.csv' }] }, [
      { name: 'raw', data: Buffer.from('a;ä') },
    ]);
    expect(stage.discord.messages(stage.channel)[0]?.files).toMatchObject([{ name: 'keys.csv', text: 'a;ä' }]);
    const url = stage.discord.messages(stage.channel)[0]!.files[0]!.url;
    expect(await (await fetch(url)).text()).toBe('a;ä');
  });

  test('stay on an edit unless `attachments` leaves them out', async () => {
    const files = ['a.txt', 'b.txt'].map((name) => ({ name, data: Buffer.from(name) }));
    const { id } = (await send({}, files)) as Sent;
    const path = `/channels/${stage.channel}/messages/${id}` as const;
    const names = () => stage.discord.messages(stage.channel)[0]?.files.map(({ name }) => name);
    await stage.rest.patch(path, { body: { content: 'x' } });
    expect(names()).toEqual(['a.txt', 'b.txt']);
    const kept = stage.discord.messages(stage.channel)[0]!.files[1]!.id;
    await stage.rest.patch(path, { body: { attachments: [{ id: kept }] } });
    expect(names()).toEqual(['b.txt']);
    expect(await refusalOf(stage.rest.patch(path, { body: { content: '', attachments: [] } }))).toMatchObject({
      code: 50006,
    });
  });

  test('over 10 MiB are refused with 40005', async () => {
    const data = Buffer.alloc(10 * 1_048_576 + 1);
    expect(await refusalOf(send({}, [{ name: 'big', data }]))).toMatchObject({ status: 413, code: 40005 });
  });

  test('over 25 MiB together are refused with 40005', async () => {
    const data = Buffer.alloc(9 * 1_048_576);
    const files = ['a', 'b', 'c'].map((name) => ({ name, data }));
    expect(await refusalOf(send({}, files))).toMatchObject({ status: 413, code: 40005 });
  });

  test('more than ten are refused', async () => {
    const files = Array.from({ length: 11 }, (_, index) => ({ name: `${index}.txt`, data: Buffer.from('x') }));
    expect(problemsIn((await refusalOf(send({}, files))).errors)).toEqual(['attachments BASE_TYPE_MAX_LENGTH']);
  });
});

describe('permissions in the channel', () => {
  test.each([
    ['no sight of the channel', PermissionFlagsBits.ViewChannel, {}, 50001],
    ['no sending', PermissionFlagsBits.SendMessages, {}, 50013],
    ['no embeds', PermissionFlagsBits.EmbedLinks, { embeds: [{ title: 'x' }] }, 50013],
  ])('%s', async (_, denied, body, code) => {
    stage.discord.denyBotIn(stage.channel, denied);
    expect(await refusalOf(send({ content: 'x', ...body }))).toMatchObject({ status: 403, code });
  });

  test('no files', async () => {
    stage.discord.denyBotIn(stage.channel, PermissionFlagsBits.AttachFiles);
    const file = { name: 'a.txt', data: Buffer.from('x') };
    expect(await refusalOf(send({ content: 'x' }, [file]))).toMatchObject({ status: 403, code: 50013 });
    await send({ content: 'without' });
  });

  test('an administrator passes every overwrite', async () => {
    stage.discord.denyBotIn(stage.channel, PermissionFlagsBits.ViewChannel);
    stage.discord.setBotPermissions(stage.guild, PermissionFlagsBits.Administrator);
    await send({ content: 'x' });
    expect(stage.discord.messages(stage.channel)).toHaveLength(1);
  });
});

describe('enforce_nonce', () => {
  test('answers the first message again and makes no second one for a few minutes', async () => {
    const first = (await send({ content: 'one', nonce: '77', enforce_nonce: true })) as Sent;
    const second = (await send({ content: 'two', nonce: '77', enforce_nonce: true })) as Sent;
    expect(second).toMatchObject({ id: first.id, content: 'one' });
    expect(stage.discord.messages(stage.channel)).toHaveLength(1);
    stage.discord.advance(6 * 60_000);
    await send({ content: 'three', nonce: '77', enforce_nonce: true });
    expect(stage.discord.messages(stage.channel)).toHaveLength(2);
  });

  test('without it the same nonce makes two', async () => {
    await send({ content: 'one', nonce: '77' });
    await send({ content: 'two', nonce: '77' });
    expect(stage.discord.messages(stage.channel)).toHaveLength(2);
  });
});

describe('who is pinged', () => {
  test('a user and a mentionable role, not everyone without the permission', async () => {
    const role = stage.discord.addRole(stage.guild, { name: 'VIP', mentionable: true });
    await send({ content: `@everyone <@${stage.buyer}> <@&${role}>` });
    expect(stage.discord.messages(stage.channel)[0]?.pings).toEqual({
      everyone: false,
      users: [stage.buyer],
      roles: [role],
    });
  });

  test('nobody where allowed_mentions names nobody', async () => {
    stage.discord.setBotPermissions(stage.guild, PermissionFlagsBits.Administrator);
    await send({ content: `@everyone <@${stage.buyer}>`, allowed_mentions: { parse: [] } });
    expect(stage.discord.messages(stage.channel)[0]?.pings).toEqual({ everyone: false, users: [], roles: [] });
  });
});

describe('later', () => {
  test('the bot edits and deletes its own message, not that of somebody else', async () => {
    const own = (await send({ content: 'one' })) as Sent;
    const path = (id: string) => `/channels/${stage.channel}/messages/${id}` as const;
    await stage.rest.patch(path(own.id), { body: { content: 'two' } });
    expect(stage.discord.messages(stage.channel)).toMatchObject([{ content: 'two', edited: true }]);
    await stage.rest.delete(path(own.id));
    expect(await refusalOf(stage.rest.get(path(own.id)))).toMatchObject({ status: 404, code: 10008 });
    const other = stage.discord.user(stage.buyer).say(stage.channel, 'hello');
    expect(await refusalOf(stage.rest.patch(path(other.id), { body: { content: 'x' } }))).toMatchObject({
      code: 50005,
    });
    expect(await refusalOf(stage.rest.delete(path(other.id)))).toMatchObject({ code: 50013 });
  });

  test('others’ content is empty without the message content switch', async () => {
    stage.discord.user(stage.buyer).say(stage.channel, 'secret');
    const read = () => stage.rest.get(`/channels/${stage.channel}/messages`) as Promise<Sent[]>;
    expect((await read())[0]?.content).toBe('');
    stage.discord.setPrivilegedIntents({ messageContent: true });
    expect((await read())[0]?.content).toBe('secret');
  });

  test('a deleted channel is 10003', async () => {
    stage.discord.deleteChannel(stage.channel);
    expect(await refusalOf(send({ content: 'x' }))).toMatchObject({ status: 404, code: 10003 });
  });
});
