import type { BindingKind } from '../../domain/limits.ts';
import type { Product, Release, ReleaseStatus, VersionPolicy } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Warning } from '../../domain/warning.ts';
import type { Result } from '../../domain/result.ts';
import type { By } from '../context.ts';

/** Fields of a product as people give them. `undefined` leaves as it is, null removes. */
export interface ProductFields {
  readonly description?: string | null | undefined;
  readonly version?: string | null | undefined;
  readonly versionPolicy?: VersionPolicy | undefined;
  readonly buyerRoleId?: string | null | undefined;
  readonly claimRoleId?: string | null | undefined;
  /** Texts: a number, `unlimited`, `inherit` (the guild's). */
  readonly limits?: Readonly<Partial<Record<BindingKind, string>>> | undefined;
  readonly url?: string | null | undefined;
  readonly imageUrl?: string | null | undefined;
}

export interface CreateProductInput extends By, ProductFields {
  readonly name: string;
  /** 1 to 2^31 - 1; left out: the next free number. */
  readonly id?: number | undefined;
  readonly uuid?: string | undefined;
}

export interface EditProductInput extends By, ProductFields {
  readonly productId: number;
  /** The old name stays valid as an alias. */
  readonly name?: string | undefined;
}

export interface ProductChanged {
  readonly product: Product;
  readonly warnings: readonly Warning[];
  readonly effectIds: readonly number[];
}

export interface ProductInfo {
  readonly product: Product;
  readonly licenses: number;
  readonly owners: number;
}

interface VersionChanged extends ProductChanged {
  /** Clients of the last 24 hours that will now be refused. */
  readonly refusedClients: number;
}

export interface ReleaseInput extends By {
  readonly productId: number;
  readonly version: string;
  /** null: the default branch. */
  readonly branch: string | null;
}

export interface ProductService {
  /** By id, UUID, name or alias; null: the only product there is. Refuses: product-not-found, product-required. */
  find(guildId: string, text: string | null): Promise<Result<Product, CommandError>>;
  /** Also among the deleted ones, for restore. */
  findDeleted(guildId: string, text: string): Promise<Result<Product, CommandError>>;
  list(guildId: string): Promise<readonly ProductInfo[]>;
  info(guildId: string, productId: number): Promise<Result<ProductInfo, CommandError>>;
  /** Refuses: product-name-taken, product-id-taken, product-uuid-taken, and fields that are wrong. */
  create(input: CreateProductInput): Promise<Result<ProductChanged, CommandError>>;
  /** The product of that name, made if there is none. Refuses: product-deleted, and names that are wrong. */
  ensure(input: By & { readonly name: string }): Promise<Result<Product, CommandError>>;
  edit(input: EditProductInput): Promise<Result<ProductChanged, CommandError>>;
  /** Its licenses go with it; both can be restored for 30 days. `name` is what the person typed to confirm. */
  delete(
    input: By & { readonly productId: number; readonly name: string },
  ): Promise<Result<ProductInfo & { readonly effectIds: readonly number[] }, CommandError>>;
  restore(input: By & { readonly productId: number }): Promise<Result<ProductChanged, CommandError>>;
  /** Current version and policy; publishes that release on the default branch if missing. */
  setVersion(
    input: By & {
      readonly productId: number;
      readonly version?: string | null | undefined;
      readonly versionPolicy?: VersionPolicy | undefined;
    },
  ): Promise<Result<VersionChanged, CommandError>>;
  /** How many clients of the last 24 hours this version and policy would refuse; changes nothing. */
  previewVersion(
    guildId: string,
    input: { readonly productId: number; readonly version: string | null; readonly versionPolicy: VersionPolicy },
  ): Promise<Result<{ readonly refusedClients: number }, CommandError>>;
  addRelease(
    input: ReleaseInput & { readonly status: ReleaseStatus },
  ): Promise<Result<ProductChanged & { readonly release: Release }, CommandError>>;
  archiveRelease(input: ReleaseInput): Promise<Result<ProductChanged & { readonly release: Release }, CommandError>>;
}
