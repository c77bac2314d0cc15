import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type BaseInteraction, type Client, PermissionFlagsBits } from 'discord.js';
import { connect, nextInteraction, problemsIn, restErrorOf, setUpTestGuild, type TestSetup } from './bot.ts';

let setup: TestSetup;
let client: Client<true>;

beforeEach(async () => {
  setup = await setUpTestGuild({ rateLimits: false, now: () => Date.UTC(2026, 0, 1) });
  client = await connect(setup.discord);
  const option = { type: 3, name: 'what', description: 'What', autocomplete: true };
  await client.rest.put(`/applications/${setup.discord.applicationId}/commands`, {
    body: [{ name: 'go', description: 'Goes', options: [option] }],
  });
});

afterEach(async () => {
  await client.destroy();
  await setup.discord.stop();
});

function callback(interaction: BaseInteraction, type: number, data?: object): Promise<unknown> {
  return client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
    body: { type, ...(data && { data }) },
    auth: false,
  });
}

function followUp(interaction: BaseInteraction, body: object): Promise<unknown> {
  return client.rest.post(`/webhooks/${interaction.applicationId}/${interaction.token}`, { body, auth: false });
}

/** A command of a user, and the interaction that the bot receives for it. */
async function go() {
  const arrived = nextInteraction(client);
  const started = await setup.discord.user(setup.buyer).starting.command(setup.guild, setup.channel, 'go');
  return { started, interaction: await arrived };
}

async function click() {
  const row = { type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: 'go' }] };
  await client.rest.post(`/channels/${setup.channel}/messages`, { body: { content: 'x', components: [row] } });
  const [message] = setup.discord.messages(setup.channel);
  const arrived = nextInteraction(client);
  const started = await setup.discord.user(setup.buyer).starting.click(message!, 'Go');
  return { started, interaction: await arrived };
}

const reply = { content: 'done' };
const ephemeral = { content: 'done', flags: 64 };

describe('the first answer', () => {
  test('after more than three seconds is 10062, and the user sees a failure', async () => {
    const { started, interaction } = await go();
    setup.discord.advance(3_001);
    expect((await started.finished()).error).toBe('did-not-respond');
    expect(await restErrorOf(callback(interaction, 4, reply))).toMatchObject({ status: 404, code: 10062 });
  });

  test('after exactly three seconds is accepted', async () => {
    const { started, interaction } = await go();
    setup.discord.advance(3_000);
    await callback(interaction, 4, reply);
    expect(started.reply?.content).toBe('done');
  });

  test('given twice is 40060', async () => {
    const { interaction } = await go();
    await callback(interaction, 4, reply);
    expect(await restErrorOf(callback(interaction, 4, reply))).toMatchObject({ status: 400, code: 40060 });
    expect(setup.discord.messages(setup.channel)).toHaveLength(1);
  });

  test('with an invalid body does not count', async () => {
    const { interaction } = await go();
    const { code, errors } = await restErrorOf(callback(interaction, 4, { content: 'x'.repeat(2_001) }));
    expect({ code, problems: problemsIn(errors) }).toEqual({
      code: 50035,
      problems: ['data.content BASE_TYPE_MAX_LENGTH'],
    });
    expect(await restErrorOf(callback(interaction, 4, {}))).toMatchObject({ code: 50006 });
    await callback(interaction, 4, reply);
  });

  test('with the token of another interaction is 10062', async () => {
    const { interaction } = await go();
    const path = `/interactions/${interaction.id}/abc/callback` as const;
    expect(await restErrorOf(client.rest.post(path, { body: { type: 5 }, auth: false }))).toMatchObject({
      code: 10062,
    });
  });

  test.each([6, 7, 8, 1, 99])('of type %i does not fit a command', async (type) => {
    const { interaction } = await go();
    const { code, errors } = await restErrorOf(callback(interaction, type, reply));
    expect({ code, problems: problemsIn(errors) }).toEqual({ code: 50035, problems: ['type BASE_TYPE_CHOICES'] });
  });

  test('to autocomplete can only be choices: 25, names and values of 100', async () => {
    const arrived = nextInteraction(client);
    const typed = await setup.discord.user(setup.buyer).starting.autocomplete(setup.guild, setup.channel, 'go', 'what');
    const interaction = await arrived;
    const choice = { name: 'n', value: 'v' };
    const problemsFor = async (type: number, data: object) =>
      problemsIn((await restErrorOf(callback(interaction, type, data))).errors);
    expect(await problemsFor(4, reply)).toEqual(['type BASE_TYPE_CHOICES']);
    const tooMany = Array.from({ length: 26 }, (_, index) => ({ name: `n${index}`, value: 'v' }));
    expect(await problemsFor(8, { choices: tooMany })).toEqual(['data.choices BASE_TYPE_MAX_LENGTH']);
    expect(await problemsFor(8, { choices: [{ ...choice, name: 'x'.repeat(101) }] })).toEqual([
      'data.choices.0.name BASE_TYPE_BAD_LENGTH',
    ]);
    expect(await problemsFor(8, { choices: [{ ...choice, value: 'x'.repeat(101) }] })).toEqual([
      'data.choices.0.value BASE_TYPE_MAX_LENGTH',
    ]);
    await callback(interaction, 8, { choices: [choice] });
    expect(typed.choices).toEqual([choice]);
  });

  test('returns its message with with_response', async () => {
    const { interaction } = await go();
    const answer = await client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
      body: { type: 4, data: ephemeral },
      query: new URLSearchParams({ with_response: 'true' }),
      auth: false,
    });
    expect(answer).toMatchObject({
      interaction: { id: interaction.id, type: 2, response_message_ephemeral: true, response_message_loading: false },
      resource: { type: 4, message: { content: 'done', flags: 64 } },
    });
  });
});

describe('a deferral', () => {
  test('accepts no flag but the ephemeral one', async () => {
    const { interaction } = await go();
    expect(problemsIn((await restErrorOf(callback(interaction, 5, { flags: 4 }))).errors)).toEqual([
      'data.flags BASE_TYPE_CHOICES',
    ]);
  });

  test('fixes who sees the answer: editing cannot make it ephemeral or public', async () => {
    const { started, interaction } = await go();
    await callback(interaction, 5, { flags: 0 });
    expect(started.reply).toMatchObject({ loading: true, ephemeral: false });
    await client.rest.patch(`/webhooks/${interaction.applicationId}/${interaction.token}/messages/@original`, {
      body: ephemeral,
      auth: false,
    });
    expect((await started.finished()).reply).toMatchObject({ content: 'done', loading: false, ephemeral: false });
  });

  test('is filled in by the first follow-up', async () => {
    const { started, interaction } = await go();
    await callback(interaction, 5, { flags: 64 });
    await followUp(interaction, reply);
    await followUp(interaction, { content: 'second' });
    expect(started.reply).toMatchObject({ content: 'done', ephemeral: true });
    expect(started.followUps).toMatchObject([{ content: 'second', ephemeral: false }]);
  });

  test('that is never filled in ends after 15 minutes', async () => {
    const { started, interaction } = await go();
    await callback(interaction, 5);
    setup.discord.advance(15 * 60_000 + 1);
    expect((await started.finished()).error).toBe('never-finished');
    expect(await restErrorOf(followUp(interaction, reply))).toMatchObject({ status: 401, code: 50027 });
  });
});

describe('whom a mention notifies', () => {
  const mention = () => ({ content: `<@${setup.owner}>` });
  const notified = () => setup.discord.notifications(setup.owner).length;

  test('a first answer notifies, an edit of it does not', async () => {
    const { interaction } = await go();
    await callback(interaction, 4, reply);
    await client.rest.patch(`/webhooks/${interaction.applicationId}/${interaction.token}/messages/@original`, {
      body: mention(),
      auth: false,
    });
    expect(setup.discord.messages(setup.channel)).toMatchObject([{ pings: { users: [setup.owner] }, notified: [] }]);
    await callback((await go()).interaction, 4, mention());
    expect(notified()).toBe(1);
  });

  test('what fills in a deferred answer notifies nobody, whether edit or follow-up; the next follow-up does', async () => {
    const edited = (await go()).interaction;
    await callback(edited, 5);
    await client.rest.patch(`/webhooks/${edited.applicationId}/${edited.token}/messages/@original`, {
      body: mention(),
      auth: false,
    });
    const followed = (await go()).interaction;
    await callback(followed, 5);
    await followUp(followed, mention());
    expect(notified()).toBe(0);
    await followUp(followed, mention());
    expect(notified()).toBe(1);
  });

  test('a follow-up after a button was acknowledged is a new message, and notifies', async () => {
    const { interaction } = await click();
    await callback(interaction, 6);
    await followUp(interaction, mention());
    expect(notified()).toBe(1);
  });

  test('nobody is notified of what they cannot see: ephemeral messages and hidden channels', async () => {
    const { interaction } = await go();
    await callback(interaction, 4, { ...mention(), flags: 64 });
    setup.discord.setOverwrite(setup.channel, { id: setup.buyer, deny: PermissionFlagsBits.ViewChannel });
    await client.rest.post(`/channels/${setup.channel}/messages`, { body: { content: `<@${setup.buyer}>` } });
    expect([...setup.discord.notifications(setup.owner), ...setup.discord.notifications(setup.buyer)]).toEqual([]);
  });
});

describe('the webhook of an interaction', () => {
  const original = (interaction: BaseInteraction) =>
    `/webhooks/${interaction.applicationId}/${interaction.token}/messages/${encodeURIComponent('@original')}` as const;

  test('does not exist before the first answer: 10015', async () => {
    const { interaction } = await go();
    expect(await restErrorOf(followUp(interaction, reply))).toMatchObject({ status: 404, code: 10015 });
  });

  test('reads, edits and deletes @original, also written %40original', async () => {
    const { interaction } = await go();
    await callback(interaction, 4, ephemeral);
    const path = original(interaction);
    expect(await client.rest.get(path, { auth: false })).toMatchObject({ content: 'done' });
    await client.rest.patch(path, { body: { content: 'changed' }, auth: false });
    expect(setup.discord.messages(setup.channel, setup.buyer)).toMatchObject([{ content: 'changed', ephemeral: true }]);
    await client.rest.delete(path, { auth: false });
    expect(await restErrorOf(client.rest.get(path, { auth: false }))).toMatchObject({ status: 404, code: 10008 });
  });

  test('ephemeral answers are unknown to the channel', async () => {
    const { started, interaction } = await go();
    await callback(interaction, 4, ephemeral);
    const path = `/channels/${setup.channel}/messages/${started.reply!.id}` as const;
    expect(await restErrorOf(client.rest.get(path))).toMatchObject({ code: 10008 });
    expect(setup.discord.messages(setup.channel, setup.owner)).toEqual([]);
  });
});

describe('a button', () => {
  test('may defer without a message and update its own', async () => {
    const { started, interaction } = await click();
    await callback(interaction, 6);
    expect((await started.acknowledged()).deferred).toBe(true);
    const path = `/webhooks/${interaction.applicationId}/${interaction.token}/messages/@original` as const;
    await client.rest.patch(path, { body: { content: 'new', components: [] }, auth: false });
    expect((await started.finished()).reply?.content).toBe('new');
    expect(setup.discord.messages(setup.channel)).toMatchObject([{ content: 'new', buttons: [] }]);
  });

  test('of a message that is gone cannot be updated: 10008', async () => {
    const { interaction } = await click();
    setup.discord.deleteMessage(setup.discord.messages(setup.channel)[0]!.id);
    expect(await restErrorOf(callback(interaction, 7, reply))).toMatchObject({ code: 10008 });
  });
});

describe('a modal', () => {
  const long = (length: number) => 'x'.repeat(length);
  const input = (change: object = {}) => ({ type: 4, custom_id: 'name', style: 1, ...change });
  const label = (component: object, change: object = {}) => ({ type: 18, label: 'Name', component, ...change });
  const modal = (...components: object[]) => ({ custom_id: 'form', title: 'Form', components });
  const six = Array.from({ length: 6 }, (_, index) => label(input({ custom_id: `n${index}` })));

  test.each([
    ['a title over 45', { ...modal(label(input())), title: long(46) }, 'data.title BASE_TYPE_MAX_LENGTH'],
    ['no rows', modal(), 'data.components BASE_TYPE_BAD_LENGTH'],
    ['six rows', modal(...six), 'data.components BASE_TYPE_BAD_LENGTH'],
    ['a label over 45', modal(label(input(), { label: long(46) })), 'data.components.0.label BASE_TYPE_MAX_LENGTH'],
    [
      'a value over 4000',
      modal(label(input({ value: long(4_001) }))),
      'data.components.0.component.value BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a placeholder over 100',
      modal(label(input({ placeholder: long(101) }))),
      'data.components.0.component.placeholder BASE_TYPE_MAX_LENGTH',
    ],
    ['a button in a label', modal(label({ type: 2 })), 'data.components.0.component.type UNION_TYPE_CHOICES'],
    [
      'a text input in a row without label',
      modal({ type: 1, components: [input()] }),
      'data.components.0.components.0.label BASE_TYPE_REQUIRED',
    ],
  ])('with %s is rejected', async (_, data, problem) => {
    const { interaction } = await go();
    const { code, errors } = await restErrorOf(callback(interaction, 9, data));
    expect({ code, problems: problemsIn(errors) }).toEqual({ code: 50035, problems: [problem] });
  });

  test('takes labels with inputs, selects and uploads, and rows with inputs; its submit carries them back', async () => {
    const { started, interaction } = await go();
    const select = { type: 5, custom_id: 'who' };
    const upload = { type: 19, custom_id: 'file', required: false };
    const row = { type: 1, components: [input({ custom_id: 'old', label: 'Old', required: false })] };
    await callback(
      interaction,
      9,
      modal(label(input()), label(select, { label: 'Who' }), label(upload, { label: 'File' }), row),
    );
    const { modal: opened } = await started.finished();
    expect(opened?.fields.map((field) => field.label)).toEqual(['Name', 'Who', 'File', 'Old']);
    const arrived = nextInteraction(client);
    const user = setup.discord.user(setup.buyer).starting;
    await user.submitModal(opened!, { Name: 'Bob', Who: [setup.owner], File: [{ name: 'a.txt', data: 'hi' }] });
    const submit = await arrived;
    if (!submit.isModalSubmit()) throw new Error('no modal submit');
    expect(submit.fields.getTextInputValue('name')).toBe('Bob');
    expect(submit.fields.getSelectedUsers('who')?.first()?.username).toBe('owner');
    expect(submit.fields.getUploadedFiles('file')?.first()?.name).toBe('a.txt');
    expect(submit.fields.getTextInputValue('old')).toBe('');
    const second = restErrorOf(callback(submit, 9, modal(label(input()))));
    expect(problemsIn((await second).errors)).toEqual(['type BASE_TYPE_CHOICES']);
    // It did not come from a component, so there is no message to update.
    expect(problemsIn((await restErrorOf(callback(submit, 7, reply))).errors)).toEqual(['type BASE_TYPE_CHOICES']);
    await callback(submit, 4, ephemeral);
  });
});

test('a command while no bot is connected fails at once', async () => {
  await client.destroy();
  await setup.discord.until(() => !setup.discord.isBotOnline());
  const done = await setup.discord.user(setup.buyer).command(setup.guild, setup.channel, 'go');
  expect(done.error).toBe('did-not-respond');
});
