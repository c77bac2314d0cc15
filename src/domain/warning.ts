import type { GuessableKeysWarning } from './values/key-format.ts';
import type { BindingKind } from './limits.ts';

/** What people should know about a change that was made all the same. `describeWarning` has the sentences. */
export type Warning =
  /** A limit of 0 lets no client in. */
  | { readonly code: 'zero-limit'; readonly kind: BindingKind }
  | GuessableKeysWarning
  /** Addresses follow HWIDs, and the guild does not limit HWIDs. */
  | { readonly code: 'hwids-unlimited' }
  /** A supplied secret has fewer than `safeLength` characters. */
  | { readonly code: 'guessable-secret'; readonly safeLength: number };

/** What people should know about sample code before they ship it. `describeIntegrationWarning` has the sentences. */
export type IntegrationWarning =
  /** Clients on other machines cannot reach the address that the code names. */
  | { readonly code: 'local-server'; readonly server: string }
  /** The API key is to be filled in by hand. */
  | { readonly code: 'api-key-missing' }
  /** The code names the product's current version. */
  | { readonly code: 'version-fixed' }
  | { readonly code: 'answers-unsigned' }
  /** The protocol does not name the product, so a key of any product of the guild passes. */
  | { readonly code: 'product-unnamed' }
  /** The guild requires what the code does not send. */
  | { readonly code: 'customer-unnamed' | 'version-unnamed' };
