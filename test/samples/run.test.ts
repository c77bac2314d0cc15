import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guildId } from '../support/command-line.ts';
import { valueOf } from '../support/open-services.ts';
import { type RunningShop, startShop } from '../support/running-shop.ts';
import {
  type Front,
  type InstalledSample,
  installSample,
  isInstalled,
  type Ran,
  startFront,
  tools,
} from '../support/samples.ts';
import type { Protocol } from '../../src/domain/attempt.ts';
import type { Guild } from '../../src/domain/guild.ts';
import { type LanguageName, languageNames, languages, systemNames } from '../../src/integration/offers.ts';

// Everything that must not end a text, be replaced in it or start a command, and letters of every width.
const productName = `My "Plug'in" \\ \${PATH} $HOME $(id) \`id\` {{x}} %s #{1} é 😀`;
const day = 86_400;

const refusals: Readonly<Record<Protocol, string>> = {
  tki: 'License is suspended',
  faxstore: 'The supplied license key has been disabled - ',
  sunlicense: 'License is suspended',
  lukittu: 'License suspended',
  licensegate: 'NOT_ACTIVE',
};
const encodings = { lukittu: 'hex', licensegate: 'base64' } as const;
type Signed = keyof typeof encodings;
const isSigned = (system: Protocol): system is Signed => system in encodings;

interface Issued {
  readonly licenses: readonly [{ readonly id: number; readonly key: string }];
}

interface Silence {
  readonly ran: readonly (readonly [LanguageName, Ran])[];
  readonly asked: number;
  readonly tookMs: number;
}

describe('client code that is ready to paste', () => {
  let front: Front;
  let shop: RunningShop;
  let guild: Guild;
  let apiKey: string;
  let productUuid: string;
  /** One machine may use it: whatever the language, this machine is the same one. */
  let sound: string;
  let suspended: { readonly id: number; readonly key: string };

  const cli = async <T>(...argv: readonly string[]): Promise<T> => {
    const { exitCode, out, err } = await shop.cli(argv);
    if (exitCode !== 0) throw new Error(err);
    return JSON.parse(out) as T;
  };
  /** What a sample of every language does in front of a server that never answers; in the background, since all they do is wait. */
  let askedInSilence: Promise<Silence>;

  const issue = async () => (await cli<Issued>('license', 'issue', '--hwid-limit', '1', '--ip-limit', '1')).licenses[0];

  beforeAll(async () => {
    front = await startFront();
    const limits = systemNames.map((name) => [`LATCHKEY_RATE_LIMIT_${name.toUpperCase()}`, '0'] as const);
    shop = await startShop({ ...Object.fromEntries(limits), LATCHKEY_HTTP_PUBLIC_URL: front.url });
    front.leadTo(shop.app.port);
    await cli('guild', 'add', guildId, '--name', 'Shop');
    guild = valueOf(await shop.services.guilds.find(guildId));
    productUuid = (await cli<{ product: { uuid: string } }>('product', 'add', productName, '--version', '1.2.3'))
      .product.uuid;
    apiKey = (await cli<{ apiKey: { secret: string } }>('apikey', 'create', '--name', 'main')).apiKey.secret;
    sound = (await issue()).key;
    suspended = await issue();
    askedInSilence = askInSilence();
  });
  afterAll(async () => {
    await askedInSilence;
    await shop.stop();
    await front.stop();
    rmSync(shop.dir, { recursive: true });
  });

  async function install(
    language: LanguageName,
    system: Protocol,
    change: (code: string) => string = (code) => code,
  ): Promise<InstalledSample> {
    const argv = ['integrate', '--language', language, '--system', system];
    const { integration } = await cli<{ integration: { code: string } }>(...argv);
    const code = integration.code.replace('PUT-YOUR-API-KEY-HERE', () => apiKey);
    return installSample(shop.dir, language, change(code), `${productUuid}.txt`);
  }

  async function askInSilence(): Promise<Silence> {
    const silent = await startFront();
    silent.become('silent');
    const here = languageNames.filter((language) => isInstalled(tools[language]));
    const toSilence = (code: string) => code.replaceAll(front.url, silent.url);
    const samples = await Promise.all(here.map((language) => install(language, 'faxstore', toSilence)));
    const startedAt = Date.now();
    const ran = await Promise.all(
      samples.map(async (sample, index) => [here[index]!, await sample.run(sound)] as const),
    );
    const tookMs = Date.now() - startedAt;
    await silent.stop();
    return { ran, asked: silent.asked(), tookMs };
  }

  /** Of all systems at once: most of the time is spent waiting. */
  const inEvery = (act: (system: Protocol) => Promise<void>) => Promise.all(systemNames.map(act));

  /** A success as the sample keeps it, so many seconds ago, signed by the server where its system signs. */
  async function successOf(system: Protocol, kept: string, ageSeconds: number): Promise<string> {
    const [, owner = '', random = ''] = kept.split(' ')[0]!.split('.');
    const challenge = [Math.floor(Date.now() / 1000) - ageSeconds, owner, random].join('.');
    if (!isSigned(system)) return `${challenge} `;
    const signature = await shop.services.signChallenge(guild, challenge, system);
    return `${challenge} ${signature.toString(encodings[system])}`;
  }

  describe.each(languageNames)('in %s', (language) => {
    const { title } = languages[language];
    const isHere = isInstalled(tools[language]);
    const runs = isHere ? test : test.skip;
    const missing = isHere ? '' : ` (SKIPPED: install ${tools[language].packages})`;

    runs(
      `${title} lets a license in, tells why another may not run, and forgets that it ever could${missing}`,
      async () => {
        front.become('fine');
        await cli('license', 'resume', String(suspended.id)).catch(() => undefined);
        const samples = new Map<Protocol, InstalledSample>();
        await inEvery(async (system) => {
          const sample = await install(language, system);
          samples.set(system, sample);
          expect([system, await sample.run(sound)]).toMatchObject([system, { exitCode: 0, err: '' }]);
          expect((await sample.run(suspended.key)).out).toMatch(/^Licensed: ./);
          expect(sample.kept()).toContain('.');
        });
        await cli('license', 'suspend', String(suspended.id));
        await inEvery(async (system) => {
          const refused = await samples.get(system)!.run(suspended.key);
          expect([system, refused]).toMatchObject([system, { exitCode: 1, out: '' }]);
          expect(refused.err.trim()).toMatch(new RegExp(`^Not licensed: ${refusals[system]}`));
          expect(refused.err).not.toContain(suspended.key);
          expect(samples.get(system)!.kept()).toBeNull();
        });
      },
      120_000,
    );

    runs(
      `${title} runs on for 24 hours after a success while the server cannot be asked, and no longer${missing}`,
      async () => {
        front.become('fine');
        const samples = new Map<Protocol, readonly [InstalledSample, string]>();
        await inEvery(async (system) => {
          const sample = await install(language, system);
          await sample.run(sound);
          samples.set(system, [sample, sample.kept()!]);
        });
        const expectEverywhere = async (exitCode: number, ageSeconds: number | null) =>
          inEvery(async (system) => {
            const [sample, kept] = samples.get(system)!;
            if (ageSeconds !== null) sample.keep(await successOf(system, kept, ageSeconds));
            const ran = await sample.run(sound);
            expect([system, ran]).toMatchObject([system, { exitCode }]);
            expect(ran.out + ran.err).toContain('cannot be asked');
            expect(ran.out + ran.err).not.toContain(sound);
          });
        front.become('gone');
        await expectEverywhere(0, null);
        // A hotel's log-in page.
        front.become(200);
        await expectEverywhere(0, day - 300);
        front.become(503);
        await expectEverywhere(1, day + 1);
        front.become(429);
        await expectEverywhere(1, -300);
        expect(front.asked()).toBeGreaterThanOrEqual(3 * systemNames.length);
      },
      120_000,
    );

    runs(
      `${title} believes no answer and no kept success that the server did not sign${missing}`,
      async () => {
        front.become('fine');
        const samples = new Map<Signed, readonly [InstalledSample, string]>();
        const inSigned = (act: (system: Signed) => Promise<void>) => Promise.all(systemNames.filter(isSigned).map(act));
        await inSigned(async (system) => {
          const sample = await install(language, system);
          await sample.run(sound);
          samples.set(system, [sample, sample.kept()!]);
        });
        front.become('replay');
        await inSigned(async (system) => {
          const fooled = await samples.get(system)![0].run(sound);
          expect([system, fooled.exitCode]).toEqual([system, 1]);
          expect(fooled.err).toContain('does not come from the license server');
        });
        front.become('gone');
        const kept = [
          [0, (success: string) => success],
          [1, (success: string) => success.replace(/^\d+/, (at) => String(Number(at) - 60))],
          [1, (success: string) => success.replace(/ .*/, ' ')],
        ] as const;
        for (const [exitCode, change] of kept) {
          await inSigned(async (system) => {
            const [sample, success] = samples.get(system)!;
            sample.keep(change(success));
            expect([system, (await sample.run(sound)).exitCode]).toEqual([system, exitCode]);
          });
        }
      },
      120_000,
    );

    runs(
      `${title} makes up an id for a container that has none, and keeps it${missing}`,
      async () => {
        front.become('fine');
        const { key } = await issue();
        const withoutId = (code: string) => code.replaceAll('/etc/machine-id', '/nowhere/machine-id');
        const container = await install(language, 'lukittu', withoutId);
        expect(await container.run(key)).toMatchObject({ exitCode: 0 });
        expect(await container.run(key)).toMatchObject({ exitCode: 0 });
        const another = await install(language, 'lukittu', withoutId);
        expect(await another.run(key)).toMatchObject({
          exitCode: 1,
          err: expect.stringContaining('HWID limit reached'),
        });
      },
      60_000,
    );
  });

  describe.each(languageNames)('in %s, the id of the machine', (language) => {
    const isHere = isInstalled(tools[language]);
    const runs = isHere ? test : test.skip;
    const missing = isHere ? '' : ` (SKIPPED: install ${tools[language].packages})`;
    const hwidsOf = async ({ id }: { readonly id: number }) => {
      const { bindings } = valueOf(await shop.services.licenses.view(guildId, id));
      return bindings.filter(({ kind }) => kind === 'hwid').map(({ value }) => value);
    };

    runs(
      `is the one that a game panel gives${missing}`,
      async () => {
        front.become('fine');
        const license = await issue();
        const uuid = 'D3AAC109-6E3A-4E4B-9A2B-0F2D6C6F7B11';
        const server = await install(language, 'lukittu');
        expect(await server.run(license.key, { P_SERVER_UUID: uuid })).toMatchObject({ exitCode: 0, err: '' });
        const hwid = createHash('sha256').update(`${guild.teamId}:${uuid.toLowerCase()}`).digest('hex');
        expect(await hwidsOf(license)).toEqual([hwid]);
        expect(await server.run(license.key)).toMatchObject({ exitCode: 1 });
      },
      60_000,
    );

    runs(
      `is made up where the panel and the image give one that others have too${missing}`,
      async () => {
        front.become('fine');
        const license = await issue();
        const ofImage = join(shop.dir, 'machine-id-of-the-image');
        writeFileSync(ofImage, '88544b92092430bc5d3fbbffc12a2f04\n');
        const inImage = (code: string) => code.replaceAll('/etc/machine-id', ofImage);
        const own = { P_SERVER_UUID: '00000000-0000-0000-0000-000000000000' };
        const container = await install(language, 'lukittu', inImage);
        expect(await container.run(license.key, own)).toMatchObject({ exitCode: 0, err: '' });
        expect(await container.run(license.key, own)).toMatchObject({ exitCode: 0, err: '' });
        const another = await install(language, 'lukittu', inImage);
        expect(await another.run(license.key, own)).toMatchObject({ exitCode: 1 });
        expect(await hwidsOf(license)).toHaveLength(1);
      },
      60_000,
    );
  });

  test('three times 5 seconds is the longest that any of them waits for a silent server', async () => {
    const { ran, asked, tookMs } = await askedInSilence;
    expect(ran.map(([language]) => language)).toEqual(languageNames.filter((name) => isInstalled(tools[name])));
    for (const entry of ran) expect(entry).toMatchObject([entry[0], { exitCode: 1, out: '' }]);
    expect(asked).toBe(3 * ran.length);
    expect(tookMs).toBeLessThan(40_000);
  }, 60_000);
});
