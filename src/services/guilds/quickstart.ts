import { commandLine } from '../../domain/actor.ts';
import { quickstartGuildId } from '../../domain/guild.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/values/result.ts';
import type { ApiKeyService } from '../api-keys.ts';
import type { ServiceContext } from '../context.ts';
import type { LicenseService } from '../licenses/license-service.ts';
import type { ProductService } from '../products/product-service.ts';
import type { GuildService } from './guild-service.ts';

const by = { guildId: quickstartGuildId, actor: commandLine };
const productName = 'Quickstart';
const order = 'quickstart';
const apiKeyName = 'quickstart';

export function createQuickstart(
  { storage }: ServiceContext,
  services: {
    readonly guilds: Pick<GuildService, 'add'>;
    readonly products: Pick<ProductService, 'find' | 'findDeleted' | 'create' | 'restore'>;
    readonly licenses: Pick<LicenseService, 'issue'>;
    readonly apiKeys: ApiKeyService;
  },
): Pick<GuildService, 'quickstart'> {
  const { guilds, products, licenses, apiKeys } = services;

  async function findGuild() {
    const bundle = await storage.bundle(by.guildId);
    if (bundle) return bundle.guild;
    return valueOf(await guilds.add({ id: by.guildId, name: 'Quickstart', actor: by.actor })).guild;
  }

  async function findProduct() {
    const found = await products.find(by.guildId, productName);
    if (found.ok) return found.value;
    const deleted = await products.findDeleted(by.guildId, productName);
    if (deleted.ok) return valueOf(await products.restore({ ...by, productId: deleted.value.id })).product;
    return valueOf(await products.create({ ...by, name: productName, version: '1.0.0' })).product;
  }

  async function findLicense(productId: number) {
    const [license] = await storage.licenses(by.guildId, { productId, order }, { limit: 1, beforeId: null });
    const key = license && (await storage.licenseKey(by.guildId, license.id));
    if (license && key) return { license, key };
    const issuing = { ...by, product: String(productId), order, name: 'Quickstart', mayManage: true };
    const [issued] = valueOf(await licenses.issue(issuing)).issued;
    if (!issued) throw new Error('The quickstart license was not made.');
    return issued;
  }

  async function freshApiKey() {
    const former = (await apiKeys.list(by.guildId)).filter((each) => each.name === apiKeyName && !each.revokedAt);
    for (const { id } of former) await apiKeys.revoke({ ...by, id });
    const { apiKey, secret } = valueOf(await apiKeys.create({ ...by, name: apiKeyName, scopes: ['auth'] }));
    return { id: apiKey.id, secret };
  }

  return {
    async quickstart() {
      const guild = await findGuild();
      const product = await findProduct();
      const { license, key } = await findLicense(product.id);
      return { guild, product, license, key, apiKey: await freshApiKey() };
    },
  };
}

function valueOf<T>(result: Result<T, CommandError>): T {
  if (!result.ok) throw new Error(`The quickstart cannot be made: ${result.error.code}`);
  return result.value;
}
