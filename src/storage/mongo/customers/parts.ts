import type { Model, UpdateQuery } from 'mongoose';
import type { Trail } from '../../port/trail.ts';
import type { Vault } from '../../vault.ts';
import type { CustomerDocument, OutboxEntry, WithOutbox } from '../documents.ts';
import type { Models } from '../database/models.ts';

/** What looking up a customer takes. The outbox carries changes of customers out, so it is described here, not imported. */
export interface CustomerParts {
  readonly models: Models;
  readonly outbox: {
    finishEntries<T extends WithOutbox>(model: Model<T>, id: unknown, outbox: readonly OutboxEntry[]): Promise<void>;
  };
}

/** What carrying out a change of a customer takes. */
export interface SettleParts extends CustomerParts {
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
}

/** What begins a merge. */
export interface MergeParts extends CustomerParts {
  readonly outbox: CustomerParts['outbox'] & {
    createEntry(guildId: string, trail: Trail, options: { readonly customer: number }): Promise<OutboxEntry>;
    update(
      model: Model<CustomerDocument>,
      filter: Readonly<Record<string, unknown>> & { readonly _id: number },
      update: UpdateQuery<CustomerDocument>,
      outboxEntry: OutboxEntry,
    ): Promise<boolean>;
  };
}
