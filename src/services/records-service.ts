import type { Attempt } from '../domain/attempt.ts';
import type { AuditAction, AuditEvent } from '../domain/audit.ts';
import type { License } from '../domain/license.ts';
import type { Product } from '../domain/product.ts';
import type { AttemptQuery } from '../storage/port/records.ts';
import type { Page } from '../storage/port/page.ts';

/** An attempt with what it was about, as far as it is known. */
export interface AttemptRow {
  readonly attempt: Attempt;
  readonly license: License | null;
  readonly product: Product | null;
}

export interface RecordsService {
  /** Newest first. */
  attempts(guildId: string, query: AttemptQuery, page: Page): Promise<readonly AttemptRow[]>;
  audit(
    guildId: string,
    query: { readonly subject?: string; readonly action?: AuditAction },
    page: Page,
  ): Promise<readonly AuditEvent[]>;
}
