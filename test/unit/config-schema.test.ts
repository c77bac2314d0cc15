import { describe, expect, test } from '@jest/globals';
import { describeConfigError } from '../../config/config-error.ts';
import { type Config, configKeys, parseConfig, secretsOf } from '../../config/schema.ts';

const root = '/srv/latchkey';
type Env = Record<string, string | undefined>;

function configOf(env: Env = {}, file?: unknown): Config {
  const result = parseConfig({ env, file, root });
  if (!result.ok) throw new Error(result.errors.map(describeConfigError).join('\n'));
  return result.config;
}

function sentencesOf(env: Env = {}, file?: unknown): string[] {
  const result = parseConfig({ env, file, root });
  return result.ok ? [] : result.errors.map(describeConfigError);
}

function warningsOf(env: Env = {}, file?: unknown): readonly string[] {
  const result = parseConfig({ env, file, root });
  return result.ok ? result.warnings : ['refused'];
}

describe('defaults', () => {
  test('nothing given means the documented defaults', () => {
    expect(configOf()).toEqual({
      http: {
        host: '127.0.0.1',
        port: 3000,
        publicUrl: null,
        trustedProxies: [],
        clientIpHeader: 'x-forwarded-for',
        countryHeader: null,
        tlsCert: null,
        tlsKey: null,
      },
      guilds: { allowed: null },
      ops: { host: '127.0.0.1', port: 9464 },
      data: { dir: '/srv/latchkey/data', durability: 'process' },
      masterKey: null,
      roles: ['api', 'bot', 'jobs'],
      log: { level: 'info', format: null },
      rateLimit: { tki: 100, faxstore: 100, sunlicense: 100, lukittu: 30, licensegate: 100 },
      guard: { failures: 20, windowMinutes: 10, blockMinutes: 10 },
      discord: { token: null, clientId: null, apiUrl: null },
      mongodbUri: null,
    });
  });

  test('blank variables, blank keys and blank sections are unset', () => {
    const env = { LATCHKEY_HTTP_PORT: '', LATCHKEY_ROLES: '  ', DISCORD_TOKEN: '', MONGODB_URI: '', PORT: '' };
    expect(configOf(env, { http: { host: null, port: ' ' }, guilds: null, log: {} })).toEqual(configOf());
  });
});

describe('where a value comes from', () => {
  const everyValue: Record<string, [text: string, path: string, value: unknown]> = {
    LATCHKEY_HTTP_HOST: ['::', 'http.host', '::'],
    LATCHKEY_HTTP_PORT: ['0', 'http.port', 0],
    LATCHKEY_HTTP_PUBLIC_URL: ['https://keys.example.com/', 'http.publicUrl', 'https://keys.example.com'],
    LATCHKEY_HTTP_TRUSTED_PROXIES: [
      'loopback, private,10.0.0.0/8,2001:db8::1,',
      'http.trustedProxies',
      ['loopback', 'private', '10.0.0.0/8', '2001:db8::1'],
    ],
    LATCHKEY_HTTP_CLIENT_IP_HEADER: ['CF-Connecting-IP', 'http.clientIpHeader', 'cf-connecting-ip'],
    LATCHKEY_HTTP_COUNTRY_HEADER: ['CF-IPCountry', 'http.countryHeader', 'cf-ipcountry'],
    LATCHKEY_HTTP_TLS_CERT: ['tls/cert.pem', 'http.tlsCert', '/srv/latchkey/tls/cert.pem'],
    LATCHKEY_HTTP_TLS_KEY: ['/etc/key.pem', 'http.tlsKey', '/etc/key.pem'],
    LATCHKEY_GUILDS_ALLOWED: [
      '123456789012345678,1234567890123456789',
      'guilds.allowed',
      ['123456789012345678', '1234567890123456789'],
    ],
    LATCHKEY_OPS_HOST: ['metrics_1.internal', 'ops.host', 'metrics_1.internal'],
    LATCHKEY_OPS_PORT: ['0', 'ops.port', 0],
    LATCHKEY_DATA_DIR: ['../store', 'data.dir', '/srv/store'],
    LATCHKEY_DATA_DURABILITY: ['disk', 'data.durability', 'disk'],
    LATCHKEY_MASTER_KEY: [Buffer.alloc(32, 7).toString('base64'), 'masterKey', Buffer.alloc(32, 7)],
    LATCHKEY_ROLES: ['api, jobs, api', 'roles', ['api', 'jobs']],
    LATCHKEY_LOG_LEVEL: ['debug', 'log.level', 'debug'],
    LATCHKEY_LOG_FORMAT: ['json', 'log.format', 'json'],
    LATCHKEY_RATE_LIMIT_TKI: ['0', 'rateLimit.tki', 0],
    LATCHKEY_RATE_LIMIT_FAXSTORE: ['1', 'rateLimit.faxstore', 1],
    LATCHKEY_RATE_LIMIT_SUNLICENSE: ['2', 'rateLimit.sunlicense', 2],
    LATCHKEY_RATE_LIMIT_LUKITTU: ['3', 'rateLimit.lukittu', 3],
    LATCHKEY_RATE_LIMIT_LICENSEGATE: ['4', 'rateLimit.licensegate', 4],
    LATCHKEY_GUARD_FAILURES: ['0', 'guard.failures', 0],
    LATCHKEY_GUARD_WINDOW_MINUTES: ['5', 'guard.windowMinutes', 5],
    LATCHKEY_GUARD_BLOCK_MINUTES: ['60', 'guard.blockMinutes', 60],
    DISCORD_TOKEN: ['abc.def.ghi', 'discord.token', 'abc.def.ghi'],
    DISCORD_CLIENT_ID: ['123456789012345678', 'discord.clientId', '123456789012345678'],
    DISCORD_API_URL: ['http://127.0.0.1:4000/api', 'discord.apiUrl', 'http://127.0.0.1:4000/api'],
    MONGODB_URI: ['mongodb://db/latchkey', 'mongodbUri', 'mongodb://db/latchkey'],
  };
  const inFile = Object.entries(everyValue).flatMap(([name, value]) => (name.startsWith('LATCHKEY_') ? [value] : []));

  test('this table has every key', () => {
    const paths = Object.values(everyValue).map(([, path]) => path);
    expect(paths.sort()).toEqual([...configKeys].sort());
  });

  test('every key can be set in the environment', () => {
    const config = configOf(Object.fromEntries(Object.entries(everyValue).map(([name, [text]]) => [name, text])));
    for (const [, path, value] of Object.values(everyValue)) expect(config).toHaveProperty(path, value);
  });

  test('every key but the secrets of the environment can be set in the file, dotted or in sections', () => {
    const dotted = Object.fromEntries(inFile.map(([text, path]) => [path, text]));
    const sections: Record<string, Record<string, string> | string> = {};
    for (const [text, path] of inFile) {
      const [section, name] = path.split('.') as [string, string | undefined];
      sections[section] = name === undefined ? text : { ...(sections[section] as object), [name]: text };
    }
    for (const [, path, value] of inFile) {
      expect(configOf({}, dotted)).toHaveProperty(path, value);
      expect(configOf({}, sections)).toHaveProperty(path, value);
    }
  });

  test('the file may write lists as lists and integers as integers of any size', () => {
    const config = configOf({}, { guilds: { allowed: [1234567890123456789n] }, roles: ['bot'], http: { port: 80n } });
    expect(config.guilds.allowed).toEqual(['1234567890123456789']);
    expect(config.roles).toEqual(['bot']);
    expect(config.http.port).toBe(80);
  });

  test('the environment wins over the file, a blank variable does not', () => {
    const file = { http: { port: 1n, host: '::1' } };
    expect(configOf({ LATCHKEY_HTTP_PORT: '2', LATCHKEY_HTTP_HOST: '' }, file).http).toMatchObject({
      port: 2,
      host: '::1',
    });
  });
});

describe('game panels and hosting platforms', () => {
  const panel = { P_SERVER_UUID: 'b0b5', SERVER_PORT: '25565' };

  test.each<[string, Env, { host: string; port: number }]>([
    ['a panel and its port', panel, { host: '0.0.0.0', port: 25565 }],
    ['a panel that only sets PORT', { P_SERVER_UUID: 'b0b5', PORT: '81' }, { host: '0.0.0.0', port: 81 }],
    ['a panel without any port', { P_SERVER_UUID: 'b0b5' }, { host: '0.0.0.0', port: 3000 }],
    ['PORT alone', { PORT: '8080' }, { host: '0.0.0.0', port: 8080 }],
    ['SERVER_PORT alone, which is nobody’s convention', { SERVER_PORT: '1' }, { host: '127.0.0.1', port: 3000 }],
    ['a port of our own', { ...panel, LATCHKEY_HTTP_PORT: '1' }, { host: '0.0.0.0', port: 1 }],
    ['a host of our own', { ...panel, LATCHKEY_HTTP_HOST: '::1' }, { host: '::1', port: 25565 }],
  ])('%s', (_, env, expected) => {
    expect(configOf(env).http).toMatchObject(expected);
  });

  test('what the file says explicitly stays', () => {
    const file = { http: { host: '127.0.0.2', port: 9n } };
    expect(configOf(panel, file).http).toMatchObject({ host: '127.0.0.2', port: 9 });
  });

  test('a useless port is named as the platform spells it', () => {
    expect(sentencesOf({ PORT: 'http' })).toEqual(['PORT must be a whole number, from 0 to 65535, not "http"']);
  });
});

describe('errors', () => {
  test('all are told at once, each with the spelling, the value and what is allowed', () => {
    const env = { LATCHKEY_HTTP_PORT: '70000', LATCHKEY_DATA_DURABILITY: 'maybe', DISCORD_CLIENT_ID: 'me' };
    const file = { log: { level: 'loud' }, guilds: { allowed: ['42'] }, rateLimit: { tki: -1n } };
    expect(sentencesOf(env, file)).toEqual([
      'LATCHKEY_HTTP_PORT must be a whole number, from 0 to 65535, not "70000"',
      'guilds.allowed must be a Discord id (17 to 20 digits), not "42"',
      'LATCHKEY_DATA_DURABILITY must be one of process, disk, not "maybe"',
      'log.level must be one of error, warn, info, debug, not "loud"',
      'rateLimit.tki must be a whole number, 0 or more (0 = off), not "-1"',
      'DISCORD_CLIENT_ID must be a Discord id (17 to 20 digits), not "me"',
    ]);
  });

  test.each<[string, string[]]>([
    ['http.host', ['127.0.0.1:80', 'http://a', '999.1.1.1', '1234', 'a b', '-a']],
    ['http.port', ['-1', '1.5', '1e3', '65536', '0x10', 'any']],
    ['http.publicUrl', ['keys.example.com', 'ftp://a', 'https://a?b', 'https://a#b', 'https://u:p@a']],
    ['http.trustedProxies', ['10', '10.0.0.0/33', 'cloudflare', '10.0.0.1/', '0x7f.1', 'loopback;private']],
    ['http.clientIpHeader', ['forwarded']],
    ['http.countryHeader', ['cf ipcountry', 'a:b']],
    ['guilds.allowed', ['1234567890123456', '123456789012345678901', 'any', ',']],
    ['roles', ['api,web', ',']],
    ['log.format', ['xml']],
    ['guard.windowMinutes', ['0', '10081']],
  ])('%s refuses what it cannot mean', (key, texts) => {
    for (const text of texts) {
      expect(sentencesOf({}, { [key]: text })).toEqual([expect.stringMatching(`^${key.replace('.', '\\.')} must be `)]);
    }
  });

  test('an empty list of guilds or roles is refused rather than read as all or none', () => {
    expect(sentencesOf({}, { guilds: { allowed: [] }, roles: [] })).toEqual([
      'guilds.allowed must be at least one Discord guild id, or unset for any',
      'roles must be at least one of api, bot, jobs',
    ]);
  });

  test('unknown names are errors, with the name that was probably meant', () => {
    const env = { LATCHKEY_HTTP_PROT: '1', LATCHKEY_DISCORD_TOKEN: 'x', LATCHKEY_COLOUR: 'red', OTHER: 'fine' };
    const file = { http: { trustProxies: ['a'] }, masterkey: 'x', colour: null, LATCHKEY_LOG_LEVEL: 'info' };
    expect(sentencesOf(env, file)).toEqual([
      'http.trustProxies is not a known key: did you mean http.trustedProxies?',
      'masterkey is not a known key: did you mean masterKey?',
      'colour is not a known key',
      'LATCHKEY_LOG_LEVEL is not a known key: did you mean log.level?',
      'LATCHKEY_HTTP_PROT is not a known key: did you mean LATCHKEY_HTTP_PORT?',
      'LATCHKEY_DISCORD_TOKEN is not a known key: did you mean DISCORD_TOKEN?',
      'LATCHKEY_COLOUR is not a known key',
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s in the file is an unknown key like any other', (name) => {
    const file: unknown = JSON.parse(`{"${name}":"x","http":{"${name}":{"port":1}}}`);
    expect(sentencesOf({}, file)).toEqual([
      `${name} is not a known key`,
      expect.stringMatching(`^http\\.${name}\\.port is not a known key`),
    ]);
  });

  test('a file of another shape is refused', () => {
    expect(sentencesOf({}, 'http')).toEqual([
      'config/latchkey.yaml must contain sections and keys, as config/latchkey.example.yaml does',
    ]);
    expect(sentencesOf({}, ['http'])).toHaveLength(1);
    expect(sentencesOf({}, { guilds: '123456789012345678' })).toEqual([
      'guilds is a section: indent its keys (allowed) below it',
    ]);
    expect(sentencesOf({}, { http: { port: { number: 1n } } })).toEqual(['http.port.number is not a known key']);
    expect(sentencesOf({}, { http: { port: 1n }, 'http.port': 2n })).toEqual(['http.port is given twice: keep one']);
    expect(sentencesOf({}, { http: { port: [1n] }, roles: [{}] })).toHaveLength(2);
  });

  test.each(['DISCORD_TOKEN', 'DISCORD_CLIENT_ID', 'DISCORD_API_URL', 'MONGODB_URI'])(
    '%s in the file is sent to the environment',
    (name) => {
      expect(sentencesOf({}, { [name]: 'precious' })).toEqual([
        `${name} is allowed only in the environment, as ${name}: remove it from the file`,
      ]);
    },
  );

  test('a token under a section of the file is sent to the environment too', () => {
    expect(sentencesOf({}, { discord: { token: 'precious' } })).toEqual([
      'discord.token is allowed only in the environment, as DISCORD_TOKEN: remove it from the file',
    ]);
  });

  test('a certificate needs its key and the other way round, whichever way they are given', () => {
    expect(sentencesOf({ LATCHKEY_HTTP_TLS_CERT: 'a.pem' })).toEqual([
      'LATCHKEY_HTTP_TLS_CERT needs LATCHKEY_HTTP_TLS_KEY as well',
    ]);
    expect(sentencesOf({}, { http: { tlsKey: 'a.pem' } })).toEqual(['http.tlsKey needs http.tlsCert as well']);
    expect(configOf({ LATCHKEY_HTTP_TLS_CERT: 'a' }, { http: { tlsKey: 'b' } }).http.tlsKey).toBe('/srv/latchkey/b');
  });

  test('metrics cannot have the port of the API', () => {
    expect(sentencesOf({ PORT: '9464' })).toEqual(['ops.port must be another port than PORT, or 0 (off), not "9464"']);
    expect(configOf({ LATCHKEY_HTTP_PORT: '0', LATCHKEY_OPS_PORT: '0' }).ops.port).toBe(0);
  });

  test('the address of Discord must not name a version', () => {
    expect(sentencesOf({ DISCORD_API_URL: 'http://127.0.0.1:4000/api/v10' })).toEqual([
      'DISCORD_API_URL must be an address like http://127.0.0.1:4000/api, without the version at its end, not "http://127.0.0.1:4000/api/v10"',
    ]);
  });

  test.each([
    'mongodb://db',
    'mongodb://127.0.0.1:27017/?replicaSet=rs0',
    'mongodb://a.example:27017,b.example:27018,[::1]:27019/latchkey?replicaSet=rs0&w=majority',
    'mongodb://shop:p%40ss%2Fword@db_1.internal/latchkey?authSource=admin',
    'mongodb://shop@db/',
    'mongodb+srv://shop:secret@cluster0.abcde.mongodb.net/latchkey?retryWrites=true&appName=Cluster0',
    'mongodb://%2Ftmp%2Fmongodb-27017.sock/latchkey',
  ])('%s is an address of MongoDB', (uri) => {
    expect(configOf({ MONGODB_URI: uri }).mongodbUri).toBe(uri);
  });

  test.each([
    'db:27017',
    'https://user:precious@db',
    'MongoDB://user:precious@db',
    'mongodb:/db',
    'mongodb://user:precious@',
    'mongodb://:precious@db',
    'mongodb://user:precious/more@db',
    'mongodb://user:precious@more@db',
    'mongodb://user:precious:more@db',
    'mongodb://user:precious%@db',
    'mongodb://user:precious more@db',
    'mongodb://db,/latchkey',
  ])('%s is none, and that is said without it', (uri) => {
    expect(sentencesOf({ MONGODB_URI: uri })).toEqual([
      'MONGODB_URI must be an address like mongodb://user:password@host:27017/latchkey?replicaSet=rs0, or ' +
        'mongodb+srv://…, in which a password has its special characters percent-encoded (@ as %40)',
    ]);
  });
});

describe('secrets', () => {
  test.each<[string, Env, unknown]>([
    ['the master key', { LATCHKEY_MASTER_KEY: 'precious' }, undefined],
    ['the master key of the file', {}, { masterKey: 'precious' }],
    ['the token', { DISCORD_TOKEN: 'Bot precious' }, undefined],
    ['the token in the place of the client id', { DISCORD_CLIENT_ID: 'MTIz.precious.and-more-of-it' }, undefined],
    ['the database’s address', { MONGODB_URI: 'mongodb://u:precious@' }, undefined],
    ['the value of an unknown name', { LATCHKEY_MASTERKEY: 'precious' }, { token: 'precious' }],
    ['the password of an address', { LATCHKEY_HTTP_PUBLIC_URL: 'http://u:precious@host' }, undefined],
  ])('%s is never in a error', (_, env, file) => {
    const result = parseConfig({ env, file, root });
    expect(result.ok).toBe(false);
    expect(sentencesOf(env, file).join()).not.toContain('precious');
    expect(sentencesOf(env, file)).not.toEqual([]);
  });

  test('all that the configuration hides is hidden in the log, too', () => {
    const env = {
      LATCHKEY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      DISCORD_TOKEN: 'abc.def.ghi',
      MONGODB_URI: 'mongodb://shop:precious@db/latchkey',
    };
    expect(secretsOf(configOf())).toEqual([]);
    expect(secretsOf(configOf(env))).toEqual([
      env.DISCORD_TOKEN,
      env.LATCHKEY_MASTER_KEY,
      env.MONGODB_URI,
      'shop:precious',
    ]);
    expect(secretsOf(configOf({ MONGODB_URI: 'mongodb://shop@db' }))).toEqual(['mongodb://shop@db']);
  });

  test.each([31, 33])('a master key of %i bytes is refused', (length) => {
    expect(sentencesOf({ LATCHKEY_MASTER_KEY: Buffer.alloc(length).toString('base64') })).toEqual([
      'LATCHKEY_MASTER_KEY must be 32 bytes in base64 (openssl rand -base64 32)',
    ]);
  });
});

test('a shown value stays on one line and is cut', () => {
  const [sentence = ''] = sentencesOf({ LATCHKEY_LOG_LEVEL: `a\nb${'c'.repeat(10_000)}` });
  expect(sentence).toContain('not "a\\nbccc');
  expect(sentence.length).toBeLessThan(200);
});

describe('warnings', () => {
  test('a header that no proxy may send is pointed out', () => {
    expect(warningsOf({ LATCHKEY_HTTP_COUNTRY_HEADER: 'cf-ipcountry' })).toEqual([
      'LATCHKEY_HTTP_COUNTRY_HEADER has no effect: http.trustedProxies names no proxy that may send this header',
    ]);
    expect(warningsOf({ LATCHKEY_HTTP_COUNTRY_HEADER: 'a', LATCHKEY_HTTP_TRUSTED_PROXIES: 'private' })).toEqual([]);
  });

  test('trusting everybody is pointed out', () => {
    expect(warningsOf({}, { http: { trustedProxies: ['0.0.0.0/0'] } })).toEqual([
      'http.trustedProxies contains 0.0.0.0/0: any client can claim any IP address',
    ]);
  });

  test('the defaults warn of nothing', () => {
    expect(warningsOf()).toEqual([]);
  });
});
