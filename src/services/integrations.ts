import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Protocol } from '../domain/attempt.ts';
import { publicKeyFor } from '../domain/guild.ts';
import type { Bundle } from '../domain/snapshot.ts';
import type { Product } from '../domain/product.ts';
import { placeholderMachineIds } from '../domain/values/placeholder-hwids.ts';
import { type PublicKeyForms, publicKeyForms } from '../domain/values/public-key.ts';
import type { CommandError } from '../domain/command-error.ts';
import { type Result, fail, succeed } from '../domain/values/result.ts';
import type { IntegrationWarning } from '../domain/warning.ts';
import { isLocalUrl } from '../integration/local-url.ts';
import { type LanguageName, languages, recommendedSystem } from '../integration/offers.ts';
import { type Sample, renderSample } from '../integration/render-sample.ts';
import type { ServiceContext } from './context.ts';
import { findProduct } from './products/find-product.ts';

interface IntegrationInput {
  readonly guildId: string;
  /** Id, UUID, name or alias; null: the only one there is. */
  readonly product: string | null;
  readonly language: LanguageName;
  /** null: the recommended system. */
  readonly system: Protocol | null;
  /** The server's address as clients know it; left out: this process's. */
  readonly server?: string | undefined;
}

/** Sample code for one product, with everything filled in except the API key. Holds no secret. */
export interface Integration extends Sample {
  readonly system: Protocol;
  readonly language: LanguageName;
  readonly product: Product;
  /** The file name of the code. */
  readonly file: string;
  readonly publicKey: PublicKeyForms;
  readonly warnings: readonly IntegrationWarning[];
}

export interface IntegrationService {
  /** Makes sample code. Fails with product-not-found, product-required or guild-not-found. */
  make(input: IntegrationInput): Promise<Result<Integration, CommandError>>;
}

/** Stands where the API key belongs: its secret cannot be read again, so a person has to fill it in. */
const apiKeyPlaceholder = 'PUT-YOUR-API-KEY-HERE';

export function createIntegrationService({ storage, publicUrl }: ServiceContext): IntegrationService {
  async function make(input: IntegrationInput): Promise<Result<Integration, CommandError>> {
    const { guildId, language, system = recommendedSystem, server = publicUrl() } = withDefaults(input);
    const bundle = await storage.bundle(guildId);
    if (!bundle) return fail({ code: 'guild-not-found', guildId });
    const found = findProduct(bundle, input.product);
    if (!found.ok) return found;
    const product = found.value;
    const publicKey = publicKeyFor(bundle.guild, system);
    const { file } = languages[language];
    const template = await readFile(new URL(`../integration/templates/${file}.template`, import.meta.url), 'utf8');
    return succeed({
      ...renderSample(template, system, language, valuesOf(bundle, product, publicKey, server)),
      system,
      language,
      product,
      file,
      publicKey: publicKeyForms(publicKey),
      warnings: warningsOf(bundle, product, system, server),
    });
  }

  return { make };
}

const withDefaults = ({ system, server, ...input }: IntegrationInput) => ({
  ...input,
  ...(system && { system }),
  ...(server !== undefined && { server }),
});

function valuesOf(
  { guild }: Bundle,
  product: Product,
  publicKey: string,
  server: string,
): Readonly<Record<string, string | number>> {
  const key = createPublicKey(publicKey);
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const [modulus, exponent] = [Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')];
  return {
    server: server.replace(/\/+$/, ''),
    apiKey: apiKeyPlaceholder,
    productName: product.name,
    productNumber: product.id,
    productUuid: product.uuid,
    version: product.version ?? '1.0.0',
    teamId: guild.teamId,
    userId: guild.userId,
    publicKeyPem: publicKeyForms(publicKey).pem,
    publicKeyDer: key.export({ type: 'spki', format: 'der' }).toString('base64'),
    modulus: modulus.toString('hex'),
    exponent: exponent.readUIntBE(0, exponent.length),
    modulusBase64: modulus.toString('base64'),
    exponentBase64: exponent.toString('base64'),
    // The salt makes the HWIDs of one machine differ between guilds, so that sellers cannot compare them.
    salt: `${guild.teamId}:`,
    // The firmware and images of any number of machines have these, so that they identify none.
    sharedMachineIds: placeholderMachineIds.join(' '),
    stateFile: `${product.uuid}.txt`,
  };
}

function warningsOf(
  { settings }: Bundle,
  product: Product,
  system: Protocol,
  server: string,
): readonly IntegrationWarning[] {
  const isSigned = system === 'lukittu' || system === 'licensegate';
  const isVersionChecked = product.version !== null && product.versionPolicy !== 'any';
  const conditions: readonly (readonly [boolean, IntegrationWarning])[] = [
    [isLocalUrl(server), { code: 'local-server', server }],
    [system === 'tki', { code: 'api-key-missing' }],
    [system === 'tki' && isVersionChecked, { code: 'version-fixed' }],
    [!isSigned, { code: 'answers-unsigned' }],
    [system === 'licensegate', { code: 'product-unnamed' }],
    [system === 'lukittu' && settings['lukittu.strictCustomers'], { code: 'customer-unnamed' }],
    [system === 'lukittu' && settings['lukittu.strictReleases'], { code: 'version-unnamed' }],
  ];
  return conditions.flatMap(([isMet, warning]) => (isMet ? [warning] : []));
}
