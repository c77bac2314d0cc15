import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createLog, type LogFormat, type LogLevel } from '../../src/log/log.ts';

interface Options {
  readonly format?: LogFormat | null;
  readonly level?: LogLevel;
  readonly secrets?: readonly string[];
  readonly isTTY?: boolean;
}

function logInto({ format = 'json', level = 'debug', secrets = [], isTTY = false }: Options = {}) {
  let output = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      output += chunk.toString();
      done();
    },
  });
  const now = () => new Date('2026-01-31T10:20:30.456Z');
  const log = createLog({ format, level, secrets, stream: Object.assign(stream, { isTTY }), now });
  return { log, output: () => output, entry: () => JSON.parse(output) as Record<string, unknown> };
}

function thrown(message: string, options?: ErrorOptions): Error {
  return new TypeError(message, options);
}

describe('format', () => {
  test('json is one object a line, with the time, the level and the fields', () => {
    const { log, output } = logInto();
    log.info('Listening', { port: 3000, hosts: ['a', 'b'], at: new Date(0), big: 12n, none: undefined });
    log.warn('Alone');
    expect(output()).toBe(
      '{"time":"2026-01-31T10:20:30.456Z","level":"info","message":"Listening","port":3000,"hosts":["a","b"],"at":"1970-01-01T00:00:00.000Z","big":"12"}\n' +
        '{"time":"2026-01-31T10:20:30.456Z","level":"warn","message":"Alone"}\n',
    );
  });

  test('pretty is a line for people', () => {
    const { log, output } = logInto({ format: 'pretty' });
    log.info('Listening', { port: 3000, host: '::1', name: 'a b', none: undefined, list: [1] });
    expect(output()).toBe('2026-01-31 10:20:30 info  Listening port=3000 host=::1 name="a b" list=[1]\n');
  });

  test.each<[LogFormat | null, boolean, string]>([
    [null, true, '2'],
    [null, false, '{'],
    ['json', true, '{'],
    ['pretty', false, '2'],
  ])('%s with a terminal %s begins with %s', (format, isTTY, first) => {
    const { log, output } = logInto({ format, isTTY });
    log.info('x');
    expect(output()[0]).toBe(first);
  });

  test('fields cannot forge the time, the level or the message', () => {
    const { log, entry } = logInto();
    log.debug('true', { message: 'forged', level: 'error', time: 0, other: 1 });
    expect(entry()).toEqual({ time: '2026-01-31T10:20:30.456Z', level: 'debug', message: 'true', other: 1 });
  });

  test.each<[LogLevel, number]>([
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
  ])('level %s writes %i of the four levels', (level, lines) => {
    const { log, output } = logInto({ level });
    log.error('x');
    log.warn('x');
    log.info('x');
    log.debug('x');
    expect(output().match(/\n/g)).toHaveLength(lines);
  });
});

describe('text of strangers', () => {
  const hostile = 'a\nb\r\n\u001b[31mred\u009b0m\u2028\u2029\u202egnp\u0000\u0085\u007f\ud800';
  const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\ud800]/;

  test.each<LogFormat>(['json', 'pretty'])('stays on one line of %s without control characters', (format) => {
    const { log, output } = logInto({ format });
    const error = thrown(hostile, { cause: thrown(hostile) });
    log.info(hostile, { agent: hostile, [hostile]: 1, list: [hostile], error });
    expect(output().indexOf('\n')).toBe(output().length - 1);
    expect(output()).not.toMatch(dangerous);
    expect(output()).toContain('[31mred');
  });

  test('json gives back exactly what was logged', () => {
    const { log, entry } = logInto();
    log.info('x', { agent: hostile });
    expect(entry().agent).toBe(hostile);
  });

  test('is cut, however long, deep, wide or circular', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const { log, output, entry } = logInto();
    log.info('y'.repeat(100_000), { agent: 'x'.repeat(100_000), circle, wide: Array(100_000).fill(1) });
    expect(output().length).toBeLessThan(10_000);
    expect(entry().agent).toMatch(/^x{4000}… \(96000 more\)$/);
  });

  test('strange values do not stop the log', () => {
    const { log, entry } = logInto();
    log.info('x', { when: new Date(NaN), call: () => 1, mark: Symbol('s'), nan: NaN, bytes: Buffer.from('secret') });
    expect(entry()).toMatchObject({ when: null, call: '<function>', mark: '<symbol>', nan: null, bytes: '<6 bytes>' });
  });
});

describe('errors', () => {
  test('json has name, message, stack, code and cause', () => {
    const { log, entry } = logInto();
    const cause = Object.assign(thrown('disk full'), { code: 'ENOSPC' });
    log.error('Backup failed', { error: new Error('no backup', { cause }) });
    expect(entry().error).toEqual({
      name: 'Error',
      message: 'no backup',
      stack: expect.stringMatching(/^Error: no backup\n {4}at .*log\.test\.ts/),
      cause: { name: 'TypeError', message: 'disk full', code: 'ENOSPC', stack: expect.any(String) as unknown },
    });
  });

  test('pretty has the message, the cause and the stack on the same line', () => {
    const { log, output } = logInto({ format: 'pretty' });
    log.error('Backup failed', { error: new Error('no backup', { cause: thrown('disk full') }) });
    expect(output()).toMatch(
      /error Backup failed error=Error: no backup \(because of TypeError: disk full < .*\) < .*log\.test\.ts:\d+:\d+.*\n$/,
    );
  });

  test('of an error’s own properties only the code is logged', () => {
    const { log, output } = logInto();
    const error = Object.assign(thrown('50007'), { code: 50007, requestBody: { json: { content: 'precious' } } });
    log.warn('DM failed', { error });
    expect(output()).toContain('"code":50007');
    expect(output()).not.toContain('precious');
  });

  test('the errors of an AggregateError are there', () => {
    const { log, entry } = logInto();
    log.error('x', { error: new AggregateError([thrown('one'), thrown('two')], 'both') });
    expect(entry()).toMatchObject({ error: { errors: [{ message: 'one' }, { message: 'two' }] } });
  });
});

describe('secrets', () => {
  const secrets = ['tok.en+/=', 'tok.en+/=longer', ''];

  test.each<LogFormat>(['json', 'pretty'])('never reach a %s log', (format) => {
    const { log, output } = logInto({ format, secrets });
    const text = 'see tok.en+/= here and tok.en+/=longer there';
    const error = thrown(text, { cause: thrown(text) });
    log.error(text, { text, [text]: 1, deep: { list: [text] }, error });
    expect(output()).not.toMatch(/tok\.en|longer/);
    expect(output()).toContain('see *** here and *** there');
  });

  test('are not cut in two by the limit of a text', () => {
    const { log, output } = logInto({ secrets: ['precious'] });
    log.info(`${'x'.repeat(3996)}precious`);
    expect(output()).not.toContain('prec');
  });
});

test('a reader that went away does not end the program', async () => {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const log = createLog({ level: 'info', format: 'json', stream });
  log.info('first');
  await new Promise((resolve) => stream.once('close', resolve));
  log.info('second');
});
