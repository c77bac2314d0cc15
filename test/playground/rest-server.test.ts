import { afterEach, describe, expect, test } from '@jest/globals';
import { REST } from 'discord.js';
import { refusalOf, setStage, type Stage } from './bot.ts';

let stage: Stage;
let nowMs = Date.UTC(2026, 0, 1);

afterEach(() => stage.discord.stop());

const set = async (rateLimits: boolean) => {
  stage = await setStage({ rateLimits, now: () => nowMs });
};

/** One raw request: nothing in between waits or repeats. */
async function raw(method: string, path: string, options: { body?: string; token?: string } = {}) {
  const response = await fetch(`${stage.discord.url}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${options.token ?? stage.discord.token}`, 'content-type': 'application/json' },
    ...(options.body !== undefined && { body: options.body }),
  });
  const text = await response.text();
  const body = (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown> | undefined;
  return { status: response.status, headers: response.headers, body };
}

const post = () => raw('POST', `/channels/${stage.channel}/messages`, { body: '{"content":"x"}' });

describe('refusals before any route', () => {
  test('a wrong token is 401 code 0', async () => {
    await set(false);
    expect(await raw('GET', '/users/@me', { token: 'wrong' })).toMatchObject({ status: 401, body: { code: 0 } });
  });

  test('an unknown route is 404 code 0, a wrong method 405', async () => {
    await set(false);
    expect(await raw('GET', '/nothing/here')).toMatchObject({
      status: 404,
      body: { code: 0, message: '404: Not Found' },
    });
    expect(await raw('DELETE', '/users/@me')).toMatchObject({ status: 405, body: { code: 0 } });
  });

  test('a body that is no JSON is 50109, an id that is none 50035', async () => {
    await set(false);
    expect(await raw('POST', `/channels/${stage.channel}/messages`, { body: '{' })).toMatchObject({
      body: { code: 50109 },
    });
    expect(await raw('GET', '/channels/abc')).toMatchObject({ status: 400, body: { code: 50035 } });
  });

  test('another API version is 50041', async () => {
    await set(false);
    const response = await fetch(`${stage.discord.url}/v8/users/@me`);
    expect(await response.json()).toMatchObject({ code: 50041 });
  });
});

describe('rate limits', () => {
  test('the sixth message to a channel within 5 s is 429 with all headers', async () => {
    await set(true);
    const first = await post();
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '4',
      'x-ratelimit-reset': (nowMs / 1_000 + 5).toFixed(3),
      'x-ratelimit-reset-after': '5.000',
      'x-ratelimit-bucket': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    for (let count = 0; count < 4; count += 1) expect((await post()).status).toBe(200);
    const refused = await post();
    expect(refused).toMatchObject({ status: 429, body: { retry_after: 5, global: false } });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.headers.get('x-ratelimit-scope')).toBe('user');
    const other = stage.discord.addChannel(stage.guild, { name: 'other' });
    expect((await raw('POST', `/channels/${other}/messages`, { body: '{"content":"x"}' })).status).toBe(200);
    stage.discord.advance(5_000);
    expect((await post()).status).toBe(200);
  });

  test('the 51st request of a second is 429 for everything, but answers to interactions pass', async () => {
    await set(true);
    for (let count = 0; count < 50; count += 1) expect((await raw('GET', `/users/@me`)).status).toBe(200);
    const refused = await raw('GET', `/channels/${stage.channel}`);
    expect(refused).toMatchObject({ status: 429, body: { global: true } });
    expect(refused.headers.get('x-ratelimit-global')).toBe('true');
    expect(refused.headers.get('x-ratelimit-scope')).toBe('global');
    expect(await raw('POST', '/interactions/1/a/callback', { body: '{}' })).toMatchObject({
      status: 404,
      body: { code: 10062 },
    });
  });
});

describe('faults', () => {
  test('an injected refusal hits as often as asked, and discord.js repeats after a 429', async () => {
    await set(false);
    stage.discord.inject({ method: 'POST', path: /messages$/, status: 429, retryAfter: 0.001, times: 2 });
    await stage.rest.post(`/channels/${stage.channel}/messages`, { body: { content: 'x' } });
    expect(stage.discord.calls.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(stage.discord.messages(stage.channel)).toHaveLength(1);
  });

  test('an answer that is lost leaves the message: a repeat makes a second one unless its nonce is enforced', async () => {
    await set(false);
    const rest = new REST({ api: stage.discord.url, retries: 1 }).setToken(stage.discord.token);
    const send = (body: object) => rest.post(`/channels/${stage.channel}/messages`, { body });
    stage.discord.inject({ status: 500, afterwards: true });
    await send({ content: 'twice' });
    expect(stage.discord.messages(stage.channel)).toHaveLength(2);
    stage.discord.inject({ status: 500, afterwards: true });
    await send({ content: 'once', nonce: '5', enforce_nonce: true });
    expect(stage.discord.messages(stage.channel)).toHaveLength(3);
  });

  test('a cut connection is an error, before or after the request was carried out', async () => {
    await set(false);
    stage.discord.inject({ status: 0 });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(stage.discord.messages(stage.channel)).toEqual([]);
    stage.discord.inject({ status: 0, afterwards: true });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(stage.discord.messages(stage.channel)).toHaveLength(1);
  });

  test('a given code is what the bot gets', async () => {
    await set(false);
    stage.discord.inject({ status: 403, body: { code: 50007, message: 'Cannot send messages to this user' } });
    expect(await refusalOf(stage.rest.get('/users/@me'))).toMatchObject({ status: 403, code: 50007 });
  });

  test('held requests wait until they are released', async () => {
    await set(false);
    const hold = stage.discord.hold(/messages$/);
    const sent = stage.rest.post(`/channels/${stage.channel}/messages`, { body: { content: 'x' } });
    await stage.discord.until(() => hold.waiting === 1);
    expect(stage.discord.messages(stage.channel)).toEqual([]);
    hold.release();
    await sent;
    expect(stage.discord.messages(stage.channel)).toHaveLength(1);
  });

  test('in an outage everything fails, or nothing connects; then all is as before', async () => {
    await set(false);
    stage.discord.startOutage('errors');
    expect((await raw('GET', '/users/@me')).status).toBe(503);
    stage.discord.startOutage('refuse');
    await expect(raw('GET', '/users/@me')).rejects.toThrow('fetch failed');
    stage.discord.endOutage();
    expect((await raw('GET', '/users/@me')).status).toBe(200);
  });
});

test('ids have 17 to 19 digits and grow with the clock', async () => {
  await set(false);
  const first = BigInt(stage.discord.addUser({ username: 'a' }));
  nowMs += 1_000;
  const second = BigInt(stage.discord.addUser({ username: 'b' }));
  expect(first.toString()).toMatch(/^\d{17,19}$/);
  expect(second > first).toBe(true);
  expect(Number((second >> 22n) + 1_420_070_400_000n)).toBe(nowMs);
});
