import type { CommandGroup } from '../src/discord/framework/command.ts';
import { productCreate } from './product-create.ts';
import { productDelete } from './product-delete.ts';
import { productEdit } from './product-edit.ts';
import { productInfo } from './product-info.ts';
import { productList } from './product-list.ts';
import { productRelease } from './product-release.ts';
import { productRestore } from './product-restore.ts';
import { productVersion } from './product-version.ts';

export const product: CommandGroup = {
  name: 'product',
  description: 'What licenses are for: products, their versions and releases',
  subcommands: [productCreate, productEdit, productVersion, productInfo, productList, productDelete, productRestore],
  groups: [{ name: 'release', description: 'The versions of a product', subcommands: productRelease }],
};
