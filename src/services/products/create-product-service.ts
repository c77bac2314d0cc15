import type { ServiceContext } from '../context.ts';
import { createProductCreation } from './create-product.ts';
import { createDeleteProduct } from './delete-product.ts';
import { createEditProduct } from './edit-product.ts';
import { createFindProduct } from './find-product.ts';
import type { ProductService } from './product-service.ts';
import { createReleases } from './releases.ts';

/** All use cases of products, put together from one file each. */
export function createProductService(context: ServiceContext): ProductService {
  const editing = createEditProduct(context);
  return {
    ...createFindProduct(context),
    ...createProductCreation(context),
    ...editing,
    ...createDeleteProduct(context),
    ...createReleases(context, editing),
  };
}
