import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadConfig } from '../../config/load.ts';
import { describeConfigError } from '../../config/config-error.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latchkey-config-'));
  mkdirSync(join(root, 'config'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(name: string, content: string | Buffer) {
  writeFileSync(join(root, name), content);
}

function portOf(env: Record<string, string> = {}): number | undefined {
  const result = loadConfig(root, env);
  return result.ok ? result.config.http.port : undefined;
}

function sentences(env: Record<string, string> = {}): string[] {
  const result = loadConfig(root, env);
  return result.ok ? [] : result.errors.map(describeConfigError);
}

test('a folder without any configuration starts with the defaults there', () => {
  const result = loadConfig(root, {});
  expect(result).toMatchObject({ ok: true, config: { http: { port: 3000 }, data: { dir: join(root, 'data') } } });
});

test('the environment wins over .env, and .env over the file', () => {
  write('config/latchkey.yaml', 'http:\n  port: 1\n');
  expect(portOf()).toBe(1);
  write('.env', '# ours\r\nexport LATCHKEY_HTTP_PORT="2"\r\nUNRELATED=x\r\n');
  expect(portOf()).toBe(2);
  expect(portOf({ LATCHKEY_HTTP_PORT: '3' })).toBe(3);
  expect(portOf({ LATCHKEY_HTTP_PORT: '' })).toBe(2);
});

test('the environment of the process is read where no other is given', () => {
  process.env.LATCHKEY_HTTP_PORT = '4321';
  try {
    expect(loadConfig(root)).toMatchObject({ ok: true, config: { http: { port: 4321 } } });
  } finally {
    delete process.env.LATCHKEY_HTTP_PORT;
  }
});

test('ids of the file keep all their digits without quotes', () => {
  write('config/latchkey.yaml', 'guilds:\n  allowed: [1234567890123456789]\n');
  expect(loadConfig(root, {})).toMatchObject({ config: { guilds: { allowed: ['1234567890123456789'] } } });
});

test('an error in the YAML is reported with its line, together with all other errors', () => {
  write('config/latchkey.yaml', 'http:\n  port: 1\n  port: 2\nroles: [api,\n');
  expect(sentences({ LATCHKEY_LOG_LEVEL: 'loud' })).toEqual([
    expect.stringMatching(/^config\/latchkey\.yaml:3 is not valid YAML: .*unique/),
    expect.stringMatching(/^config\/latchkey\.yaml:5 is not valid YAML: /),
    'LATCHKEY_LOG_LEVEL must be one of error, warn, info, debug, not "loud"',
  ]);
});

test.each<[string, string | Buffer]>([
  ['cut in a key', 'http:\n  po'],
  ['cut in a list', 'roles: [api, bo'],
  ['cut in quotes', 'masterKey: "AAAA'],
  ['filled with zeros by a power cut', Buffer.alloc(512)],
  ['zeros behind a good beginning', Buffer.concat([Buffer.from('http:\n  port: 1\n'), Buffer.alloc(64)])],
  ['in UTF-16', Buffer.from('\uFEFFhttp:\n', 'utf16le')],
  ['two documents', 'http:\n  port: 1\n---\nhttp:\n  port: 2\n'],
  ['aliases of nothing', 'http: *other\n'],
  ['a tag of another program', 'http: !Ref x\n'],
])('a half-written or malformed file is rejected: %s', (_, content) => {
  write('config/latchkey.yaml', content);
  expect(sentences()).not.toEqual([]);
});

test('an alias bomb is rejected', () => {
  const rows = Array.from({ length: 9 }, (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]`);
  write('config/latchkey.yaml', ['a0: &a0 x', ...rows].join('\n'));
  expect(sentences()).toContain('config/latchkey.yaml uses aliases that cannot be resolved');
});

test('an error in a line never shows the master key in that line', () => {
  write('config/latchkey.yaml', 'masterKey: "precious\\q"\nmasterKey: precious\n');
  expect(sentences().length).toBeGreaterThan(0);
  expect(sentences().join()).not.toContain('precious');
});

test('a file that cannot be read is an error, and does not count as missing', () => {
  mkdirSync(join(root, 'config/latchkey.yaml'));
  mkdirSync(join(root, '.env'));
  expect(sentences()).toEqual(['.env cannot be read (EISDIR)', 'config/latchkey.yaml cannot be read (EISDIR)']);
});

test.each<[string, Buffer]>([
  ['UTF-16 as PowerShell writes it', Buffer.from('\uFEFFLATCHKEY_HTTP_PORT=5\r\nDISCORD_TOKEN=\r\n', 'utf16le')],
  ['UTF-16 in the other byte order', Buffer.from('\uFEFFLATCHKEY_HTTP_PORT=5\n', 'utf16le').swap16()],
])('.env may be %s', (_, bytes) => {
  write('.env', bytes);
  expect(portOf()).toBe(5);
});

test('.env in an encoding without a mark is an error, and not read as something else', () => {
  write('.env', Buffer.from('LATCHKEY_HTTP_PORT=5 # für uns', 'latin1'));
  expect(sentences()).toEqual(['.env is not UTF-8 text']);
});

test('each line of .env that is no variable is named with its number and never quoted', () => {
  const lines = [
    '# ours',
    '',
    'export A=1',
    'DISCORD_TOKEN: precious',
    '$env:B = "precious"',
    'set C=precious',
    'precious',
  ];
  write('.env', [...lines, 'LATCHKEY_HTTP_PORT=5', '=precious', 'D="open'].join('\r\n'));
  const found = sentences();
  expect(found.map((sentence) => sentence.split(' ')[0])).toEqual([4, 5, 6, 7, 9, 10].map((line) => `.env:${line}`));
  expect(found[0]).toContain('must be KEY=value');
  expect(found.at(-1)).toContain('never closed');
  expect(found.join()).not.toContain('precious');
});

test('a quoted value of .env may go on over several lines', () => {
  write('.env', 'A="first\nsecond: no variable\nthird" # ours\nLATCHKEY_HTTP_PORT=\'5\'\n');
  expect(portOf()).toBe(5);
});

test('.env.txt, as Notepad names it, is an error with the right name, and next to .env a warning', () => {
  write('.env.txt', 'LATCHKEY_HTTP_PORT=5\n');
  expect(sentences()).toEqual(['.env.txt is not read: rename it to .env']);
  write('.env', '');
  expect(loadConfig(root, {})).toMatchObject({ ok: true, warnings: ['.env.txt is not read, because .env is there'] });
});

test('a byte order mark is not part of the first key', () => {
  write('.env', '\uFEFFLATCHKEY_HTTP_PORT=5\n');
  write('config/latchkey.yaml', '\uFEFFops:\n  port: 0\n');
  expect(loadConfig(root, {})).toMatchObject({ config: { http: { port: 5 }, ops: { port: 0 } } });
});
