import type { Protocol } from '../domain/attempt.ts';
import type { Product } from '../domain/product.ts';
import type { PublicKeyForms } from '../domain/public-key.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { LanguageName } from '../integration/offers.ts';
import type { Sample } from '../integration/render-sample.ts';

export interface IntegrationInput {
  readonly guildId: string;
  /** Id, UUID, name or alias; null: the only one there is. */
  readonly product: string | null;
  readonly language: LanguageName;
  /** null: the recommended one. */
  readonly system: Protocol | null;
  /** The address that clients know; left out: that of this process. */
  readonly server?: string | undefined;
}

/** Client code for one product, with everything filled in but the API key. Holds no secret. */
export interface Integration extends Sample {
  readonly system: Protocol;
  readonly language: LanguageName;
  readonly product: Product;
  /** Its file name. */
  readonly file: string;
  readonly publicKey: PublicKeyForms;
  /** Whole sentences. */
  readonly warnings: readonly string[];
}

export interface IntegrationService {
  /** Refuses: product-not-found, product-required, guild-not-found. */
  make(input: IntegrationInput): Promise<Result<Integration, Refusal>>;
}
