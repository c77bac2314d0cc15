import { commandLine } from '../domain/actor.ts';
import { type Product, versionPolicies, type VersionPolicy } from '../domain/product.ts';
import type { ProductFields } from '../services/products/product-service.ts';
import { type Call, type ClosedCall, type CliCommand, type CliOption, requireYes, yesOption } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { limitOptions, limitsOf, textOrNone, wholeNumber } from './limit-options.ts';
import { card, counted } from './framework/format.ts';

const fieldOptions: readonly CliOption[] = [
  { flags: '--version <v>', describes: 'current version' },
  { flags: '--version-policy <p>', describes: 'which versions pass', choices: versionPolicies },
  { flags: '--role <id>', describes: 'the role that its buyers get' },
  ...limitOptions,
  { flags: '--url <u>', describes: 'where people read about it' },
  { flags: '--description <text>', describes: 'what it is' },
];

/** A product as `--json` prints it. */
export function productJson({ id, uuid, name, version, versionPolicy }: Product): object {
  return { id, uuid, name, version, versionPolicy };
}

function productCard(product: Product): string {
  return card(`Product ${product.id}: ${product.name}`, [
    ['UUID', product.uuid],
    ['Version', `${product.version ?? 'none set'} (policy ${product.versionPolicy})`],
    ['Buyer role', product.buyerRoleId],
    ['URL', product.url],
  ]);
}

const answerOf = (product: Product) => ({ json: { product: productJson(product) }, text: productCard(product) });

function fieldsOf(call: ClosedCall): ProductFields {
  return {
    description: textOrNone(call.text('description')),
    version: textOrNone(call.text('version')),
    versionPolicy: call.text('versionPolicy') as VersionPolicy | undefined,
    buyerRoleId: textOrNone(call.text('role')),
    limits: limitsOf(call),
    url: textOrNone(call.text('url')),
  };
}

/** Says how many clients a new version or policy shuts out; changes nothing. */
async function warnOfVersion(call: Call, product: Product, fields: ProductFields): Promise<void> {
  const { version = product.version, versionPolicy = product.versionPolicy } = fields;
  if (version === product.version && versionPolicy === product.versionPolicy) return;
  const wanted = { productId: product.id, version, versionPolicy };
  const preview = await call.services.products.previewVersion(product.guildId, wanted);
  if (!preview.ok || preview.value.refusedClients === 0) return;
  const clients = counted(preview.value.refusedClients, 'client');
  call.say(`${clients} of the last 24 hours will be refused; --version-policy can let older versions pass.`);
}

export const productCommands: readonly CliCommand[] = [
  {
    usage: 'product add <name>',
    describes: 'make a product',
    options: [
      { flags: '--id <n>', describes: 'bring its number along', parse: wholeNumber(1, 2 ** 31 - 1) },
      { flags: '--uuid <uuid>', describes: 'bring its UUID along' },
      ...fieldOptions,
    ],
    run: async (call) => {
      const guildId = (await call.guild()).id;
      const made = await call.services.products.create({
        ...fieldsOf(call),
        guildId,
        actor: commandLine,
        name: call.argument(0),
        id: call.number('id'),
        uuid: call.text('uuid'),
      });
      const { product, warnings } = unwrap(made);
      warnings.forEach(call.say);
      return answerOf(product);
    },
  },
  {
    usage: 'product edit <name>',
    describes: 'change a product',
    options: [{ flags: '--name <text>', describes: 'a new name; the old one stays valid' }, ...fieldOptions],
    notes: '<name> may also be its number or UUID. “none” takes a version, role, URL or description away.',
    run: async (call) => {
      const guildId = (await call.guild()).id;
      const current = unwrap(await call.services.products.find(guildId, call.argument(0)));
      const fields = fieldsOf(call);
      await warnOfVersion(call, current, fields);
      const edit = { ...fields, guildId, actor: commandLine, productId: current.id, name: call.text('name') };
      const { product, warnings } = unwrap(await call.services.products.edit(edit));
      warnings.forEach(call.say);
      return answerOf(product);
    },
  },
  {
    usage: 'product list',
    describes: 'all products',
    run: async (call) => {
      const products = await call.services.products.list((await call.guild()).id);
      const items = products.map(({ product, licenses }) => ({
        json: productJson(product),
        cells: [String(product.id), product.name, product.version ?? '-', product.versionPolicy, String(licenses)],
      }));
      const columns = ['ID', 'NAME', 'VERSION', 'POLICY', 'LICENSES'];
      return { name: 'products', heading: null, columns, pages: [items], none: 'There are no products yet.' };
    },
  },
  {
    usage: 'product delete <name>',
    describes: 'delete a product and its licenses; can be restored for 30 days',
    options: [yesOption],
    run: async (call) => {
      const guildId = (await call.guild()).id;
      const { id, name } = unwrap(await call.services.products.find(guildId, call.argument(0)));
      const { licenses } = unwrap(await call.services.products.info(guildId, id));
      requireYes(call, `This deletes product “${name}” with its ${counted(licenses, 'license')}.`);
      const by = { guildId, actor: commandLine, productId: id, name };
      const { product } = unwrap(await call.services.products.delete(by));
      const text = `Product “${name}” is deleted, and ${counted(licenses, 'license')} with it. “product restore” brings them back for 30 days.`;
      return { json: { product: productJson(product) }, text };
    },
  },
  {
    usage: 'product restore <name>',
    describes: 'bring a deleted product and its licenses back',
    run: async (call) => {
      const guildId = (await call.guild()).id;
      const { id } = unwrap(await call.services.products.findDeleted(guildId, call.argument(0)));
      const restored = await call.services.products.restore({ guildId, actor: commandLine, productId: id });
      return answerOf(unwrap(restored).product);
    },
  },
];
