import { describeWarning } from '../texts/warnings.ts';
import { commandLine } from '../domain/actor.ts';
import { maxGraceDays, type Product, versionPolicies, type VersionPolicy } from '../domain/product.ts';
import { describeKept } from '../texts/product-names.ts';
import { productJson } from '../services/json/product-json.ts';
import type { ProductFields } from '../services/products/product-service.ts';
import {
  type StoreCall,
  type CliCall,
  type CliCommand,
  type CliOption,
  requireYes,
  yesOption,
} from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { limitOptions, readLimits } from './limit-options.ts';
import { changedDataOptions, dataOptions, readDataOptions } from './data-options.ts';
import { parseClearable, parseWholeNumber } from './framework/option-parsers.ts';
import { card, counted } from './framework/format.ts';

const fieldOptions: readonly CliOption[] = [
  { flags: '--version <v>', description: 'the current version' },
  { flags: '--version-policy <p>', description: 'which client versions pass', choices: versionPolicies },
  { flags: '--role <id>', description: 'the Discord role that its buyers get' },
  ...limitOptions,
  {
    flags: '--expires <when>',
    description: 'the end of licenses that are issued without one: 30d, 30d@activation, a date',
  },
  { flags: '--trial <term>', description: 'how long a trial lasts that members get with /trial: 12h, 7d, 1mo' },
  {
    flags: '--grace-days <n>',
    description: `days after the end in which programs still run: 0 to ${maxGraceDays}`,
    parse: parseWholeNumber(0, maxGraceDays),
  },
  { flags: '--url <u>', description: 'a web page about the product' },
  { flags: '--description <text>', description: 'a description of the product' },
];

function productCard(product: Product): string {
  return card(`Product ${product.id}: ${product.name}`, [
    ['UUID', product.uuid],
    ['Version', `${product.version ?? 'none set'} (policy ${product.versionPolicy})`],
    ['Buyer role', product.buyerRoleId],
    ['URL', product.url],
    ['Licenses end', product.term],
    ['Trial', product.trial],
    ['Grace', product.graceDays === 0 ? null : counted(product.graceDays, 'day')],
    ['Features', product.features.join(', ') || null],
    ...product.metadata.map(({ key, value }) => [key, value] as const),
  ]);
}

const toOutput = (product: Product) => ({ json: { product: productJson(product) }, text: productCard(product) });

function readFields(call: CliCall): ProductFields {
  return {
    description: parseClearable(call.text('description')),
    version: parseClearable(call.text('version')),
    versionPolicy: call.text('versionPolicy') as VersionPolicy | undefined,
    buyerRoleId: parseClearable(call.text('role')),
    limits: readLimits(call),
    url: parseClearable(call.text('url')),
    term: parseClearable(call.text('expires')),
    trial: parseClearable(call.text('trial')),
    graceDays: call.number('graceDays'),
    ...readDataOptions(call),
  };
}

/** Warns how many clients a new version or policy would lock out; changes nothing. */
async function warnOfLockedOutClients(call: StoreCall, product: Product, fields: ProductFields): Promise<void> {
  const { version = product.version, versionPolicy = product.versionPolicy } = fields;
  if (version === product.version && versionPolicy === product.versionPolicy) return;
  const edit = { productId: product.id, version, versionPolicy };
  const preview = await call.services.products.previewVersion(product.guildId, edit);
  if (!preview.ok || preview.value.deniedClients === 0) return;
  const clients = counted(preview.value.deniedClients, 'client');
  call.warn(`${clients} of the last 24 hours will be denied. --version-policy can let older versions pass.`);
}

export const productCommands: readonly CliCommand[] = [
  {
    usage: 'product add <name>',
    description: 'add a product',
    options: [
      {
        flags: '--id <n>',
        description: 'keep your number instead of a generated one',
        parse: parseWholeNumber(1, 2 ** 31 - 1),
      },
      { flags: '--uuid <uuid>', description: 'keep your UUID instead of a generated one' },
      ...fieldOptions,
      ...dataOptions,
    ],
    run: async (call) => {
      const guildId = (await call.findGuild()).id;
      const created = await call.services.products.create({
        ...readFields(call),
        guildId,
        actor: commandLine,
        name: call.argument(0),
        id: call.number('id'),
        uuid: call.text('uuid'),
      });
      const { product, warnings } = unwrap(created);
      warnings.map(describeWarning).forEach(call.warn);
      return toOutput(product);
    },
  },
  {
    usage: 'product edit <name>',
    description: 'change a product',
    options: [
      { flags: '--name <text>', description: 'a new name; the old one stays valid' },
      ...fieldOptions,
      ...changedDataOptions,
    ],
    notes: '<name> may also be the number or UUID. “none” removes a version, role, URL, description, end or trial.',
    run: async (call) => {
      const guildId = (await call.findGuild()).id;
      const current = unwrap(await call.services.products.find(guildId, call.argument(0)));
      const fields = readFields(call);
      await warnOfLockedOutClients(call, current, fields);
      const edit = { ...fields, guildId, actor: commandLine, productId: current.id, name: call.text('name') };
      const { product, warnings } = unwrap(await call.services.products.edit(edit));
      warnings.map(describeWarning).forEach(call.warn);
      return toOutput(product);
    },
  },
  {
    usage: 'product list',
    description: 'list all products',
    run: async (call) => {
      const { products } = call.services;
      const guildId = (await call.findGuild()).id;
      const infos = await Promise.all((await products.list(guildId)).map(({ id }) => products.info(guildId, id)));
      const items = infos
        .filter((info) => info.ok)
        .map(({ value: { product, licenses } }) => ({
          json: productJson(product),
          cells: [String(product.id), product.name, product.version ?? '-', product.versionPolicy, String(licenses)],
        }));
      const columns = ['ID', 'NAME', 'VERSION', 'POLICY', 'LICENSES'];
      return { name: 'products', heading: null, columns, pages: [items], emptyText: 'There are no products yet.' };
    },
  },
  {
    usage: 'product delete <name>',
    description: 'delete a product and its licenses; they can be restored for 30 days',
    options: [yesOption],
    run: async (call) => {
      const guildId = (await call.findGuild()).id;
      const { id, name } = unwrap(await call.services.products.find(guildId, call.argument(0)));
      const { licenses, further } = unwrap(await call.services.products.info(guildId, id));
      const loss = further === 0 ? '' : ` ${describeKept(further, false)}`;
      requireYes(call, `This deletes product “${name}” and its ${counted(licenses, 'license')}.${loss}`);
      const by = { guildId, actor: commandLine, productId: id, name };
      const { product, ...lost } = unwrap(await call.services.products.delete(by));
      const deleted = `Product “${name}” and its ${counted(lost.licenses, 'license')} are deleted.`;
      const kept = lost.further === 0 ? '' : ` ${describeKept(lost.further, true)}`;
      const text = `${deleted}${kept} For 30 days, “product restore” brings them back.`;
      return { json: { product: productJson(product), licenses: lost.licenses, furtherLicenses: lost.further }, text };
    },
  },
  {
    usage: 'product restore <name>',
    description: 'restore a deleted product and its licenses',
    run: async (call) => {
      const guildId = (await call.findGuild()).id;
      const { id } = unwrap(await call.services.products.findDeleted(guildId, call.argument(0)));
      const restored = await call.services.products.restore({ guildId, actor: commandLine, productId: id });
      return toOutput(unwrap(restored).product);
    },
  },
];
