import { afterEach, describe, expect, test } from '@jest/globals';
import { REST } from 'discord.js';
import { restErrorOf, setUpTestGuild, type TestSetup } from './bot.ts';

let setup: TestSetup;
let nowMs = Date.UTC(2026, 0, 1);

afterEach(() => setup.discord.stop());

const set = async (rateLimits: boolean) => {
  setup = await setUpTestGuild({ rateLimits, now: () => nowMs });
};

/** One raw request: nothing in between waits or repeats. */
async function raw(method: string, path: string, options: { body?: string; token?: string } = {}) {
  const response = await fetch(`${setup.discord.url}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${options.token ?? setup.discord.token}`, 'content-type': 'application/json' },
    ...(options.body !== undefined && { body: options.body }),
  });
  const text = await response.text();
  const body = (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown> | undefined;
  return { status: response.status, headers: response.headers, body };
}

const post = () => raw('POST', `/channels/${setup.channel}/messages`, { body: '{"content":"x"}' });

describe('errors before any route', () => {
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
    expect(await raw('POST', `/channels/${setup.channel}/messages`, { body: '{' })).toMatchObject({
      body: { code: 50109 },
    });
    expect(await raw('GET', '/channels/abc')).toMatchObject({ status: 400, body: { code: 50035 } });
  });

  test('another API version is 50041', async () => {
    await set(false);
    const response = await fetch(`${setup.discord.url}/v8/users/@me`);
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
    const limited = await post();
    expect(limited).toMatchObject({ status: 429, body: { retry_after: 5, global: false } });
    expect(limited.headers.get('retry-after')).toBe('5');
    expect(limited.headers.get('x-ratelimit-scope')).toBe('user');
    const other = setup.discord.addChannel(setup.guild, { name: 'other' });
    expect((await raw('POST', `/channels/${other}/messages`, { body: '{"content":"x"}' })).status).toBe(200);
    setup.discord.advance(5_000);
    expect((await post()).status).toBe(200);
  });

  test('the 51st request of a second is 429 for everything, but answers to interactions pass', async () => {
    await set(true);
    for (let count = 0; count < 50; count += 1) expect((await raw('GET', `/users/@me`)).status).toBe(200);
    const limited = await raw('GET', `/channels/${setup.channel}`);
    expect(limited).toMatchObject({ status: 429, body: { global: true } });
    expect(limited.headers.get('x-ratelimit-global')).toBe('true');
    expect(limited.headers.get('x-ratelimit-scope')).toBe('global');
    expect(await raw('POST', '/interactions/1/a/callback', { body: '{}' })).toMatchObject({
      status: 404,
      body: { code: 10062 },
    });
  });
});

describe('faults', () => {
  test('an injected fault is returned as many times as requested, and discord.js repeats the request after a 429', async () => {
    await set(false);
    setup.discord.inject({ method: 'POST', path: /messages$/, status: 429, retryAfter: 0.001, times: 2 });
    await setup.rest.post(`/channels/${setup.channel}/messages`, { body: { content: 'x' } });
    expect(setup.discord.calls.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(setup.discord.messages(setup.channel)).toHaveLength(1);
  });

  test('an answer that is lost leaves the message: a repeat makes a second one unless its nonce is enforced', async () => {
    await set(false);
    const rest = new REST({ api: setup.discord.url, retries: 1 }).setToken(setup.discord.token);
    const send = (body: object) => rest.post(`/channels/${setup.channel}/messages`, { body });
    setup.discord.inject({ status: 500, afterwards: true });
    await send({ content: 'twice' });
    expect(setup.discord.messages(setup.channel)).toHaveLength(2);
    setup.discord.inject({ status: 500, afterwards: true });
    await send({ content: 'once', nonce: '5', enforce_nonce: true });
    expect(setup.discord.messages(setup.channel)).toHaveLength(3);
  });

  test('a cut connection is an error, before or after the request was carried out', async () => {
    await set(false);
    setup.discord.inject({ status: 0 });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(setup.discord.messages(setup.channel)).toEqual([]);
    setup.discord.inject({ status: 0, afterwards: true });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(setup.discord.messages(setup.channel)).toHaveLength(1);
  });

  test('a given code is what the bot gets', async () => {
    await set(false);
    setup.discord.inject({ status: 403, body: { code: 50007, message: 'Cannot send messages to this user' } });
    expect(await restErrorOf(setup.rest.get('/users/@me'))).toMatchObject({ status: 403, code: 50007 });
  });

  test('held requests wait until they are released', async () => {
    await set(false);
    const hold = setup.discord.hold(/messages$/);
    const sent = setup.rest.post(`/channels/${setup.channel}/messages`, { body: { content: 'x' } });
    await setup.discord.until(() => hold.waiting === 1);
    expect(setup.discord.messages(setup.channel)).toEqual([]);
    hold.release();
    await sent;
    expect(setup.discord.messages(setup.channel)).toHaveLength(1);
  });

  test('in an outage everything fails, or nothing connects; then all is as before', async () => {
    await set(false);
    setup.discord.startOutage('errors');
    expect((await raw('GET', '/users/@me')).status).toBe(503);
    setup.discord.startOutage('refuse');
    await expect(raw('GET', '/users/@me')).rejects.toThrow('fetch failed');
    setup.discord.endOutage();
    expect((await raw('GET', '/users/@me')).status).toBe(200);
  });
});

test('ids have 17 to 19 digits and grow with the clock', async () => {
  await set(false);
  const first = BigInt(setup.discord.addUser({ username: 'a' }));
  nowMs += 1_000;
  const second = BigInt(setup.discord.addUser({ username: 'b' }));
  expect(first.toString()).toMatch(/^\d{17,19}$/);
  expect(second > first).toBe(true);
  expect(Number((second >> 22n) + 1_420_070_400_000n)).toBe(nowMs);
});
