import type { BindingKind } from '../../domain/limits.ts';
import type { Product, Release, ReleaseStatus, VersionPolicy } from '../../domain/product.ts';
import type { FeatureChange } from '../../domain/values/features.ts';
import type { MetadataChange } from '../../domain/values/metadata.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Warning } from '../../domain/warning.ts';
import type { Result } from '../../domain/values/result.ts';
import type { ProductLicenses } from '../../storage/port/products.ts';
import type { By } from '../context.ts';

/** Fields of a product as people give them. `undefined` keeps the current value, null removes it. */
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
  /** The end of licenses that are issued without one: `30d`, `30d@activation`, a date, `never`. */
  readonly term?: string | null | undefined;
  /** How long a trial lasts: `12h`, `7d`, `1mo`; null: there are none. */
  readonly trial?: string | null | undefined;
  readonly graceDays?: number | undefined;
  readonly features?: FeatureChange | undefined;
  readonly metadata?: MetadataChange | undefined;
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

/** What every change of a product returns. */
export interface ProductChanged {
  readonly product: Product;
  readonly warnings: readonly Warning[];
  readonly effectIds: readonly number[];
}

/** A product with how many licenses and owners it has. */
export interface ProductInfo extends ProductLicenses {
  readonly product: Product;
}

interface VersionChanged extends ProductChanged {
  /** How many clients of the last 24 hours the version rule will deny now. */
  readonly deniedClients: number;
}

export interface ReleaseInput extends By {
  readonly productId: number;
  readonly version: string;
  /** null: the default branch. */
  readonly branch: string | null;
}

export interface ProductService {
  /**
   * By id, UUID, name or alias; null: the only product of the guild. Fails with product-not-found or product-required.
   */
  find(guildId: string, text: string | null): Promise<Result<Product, CommandError>>;
  /** Finds a deleted product by id, UUID, name or alias, so that it can be restored. Fails with product-not-found. */
  findDeleted(guildId: string, text: string): Promise<Result<Product, CommandError>>;
  /** All products, without a look at their licenses: options offer them at every keystroke. */
  list(guildId: string): Promise<readonly Product[]>;
  info(guildId: string, productId: number): Promise<Result<ProductInfo, CommandError>>;
  /** Fails with product-name-taken, product-id-taken, product-uuid-taken, and the errors of its fields. */
  create(input: CreateProductInput): Promise<Result<ProductChanged, CommandError>>;
  /** The product of that name; creates it if there is none. Fails with product-deleted, and the errors of its name. */
  ensure(input: By & { readonly name: string }): Promise<Result<Product, CommandError>>;
  /** Fails with nothing-to-change, product-name-taken, and the errors of its fields. */
  edit(input: EditProductInput): Promise<Result<ProductChanged, CommandError>>;
  /**
   * Deletes a product with the licenses whose main one it is; both can be restored for 30 days. Licenses that have it
   * as a further one lose only it, and get it back when it is restored. `name` is what the staff member typed to
   * confirm. Fails with confirmation-wrong.
   */
  delete(
    input: By & { readonly productId: number; readonly name: string },
  ): Promise<Result<ProductInfo & { readonly effectIds: readonly number[] }, CommandError>>;
  /** Fails with nothing-to-change where the product is not deleted. */
  restore(input: By & { readonly productId: number }): Promise<Result<ProductChanged, CommandError>>;
  /** Sets the current version and the policy. Publishes the release on the default branch if it is missing. */
  setVersion(
    input: By & {
      readonly productId: number;
      readonly version?: string | null | undefined;
      readonly versionPolicy?: VersionPolicy | undefined;
    },
  ): Promise<Result<VersionChanged, CommandError>>;
  /** How many clients of the last 24 hours this version and policy would deny. Changes nothing. */
  previewVersion(
    guildId: string,
    input: { readonly productId: number; readonly version: string | null; readonly versionPolicy: VersionPolicy },
  ): Promise<Result<{ readonly deniedClients: number }, CommandError>>;
  /**
   * `latest`: whether updaters of the branch are sent to it; left out, where it is published. Fails with version-invalid,
   * branch-invalid, release-exists, or latest-unpublished where a release that is not published shall be the latest.
   */
  addRelease(
    input: ReleaseInput & { readonly status: ReleaseStatus; readonly latest?: boolean | undefined },
  ): Promise<Result<ProductChanged & { readonly release: Release }, CommandError>>;
  /**
   * Makes a published release the latest of its branch instead of another one. Fails with release-not-found,
   * latest-unpublished, or nothing-to-change where it is the latest.
   */
  markLatest(input: ReleaseInput): Promise<Result<ProductChanged & { readonly release: Release }, CommandError>>;
  /**
   * `heir`: the release that has become the latest of the branch instead; null: none has. Fails with release-not-found,
   * or nothing-to-change where it is archived already.
   */
  archiveRelease(
    input: ReleaseInput,
  ): Promise<Result<ProductChanged & { readonly release: Release; readonly heir: Release | null }, CommandError>>;
}
