import type { Attempt, Protocol } from '../../domain/attempt.ts';
import type { AttemptResult } from '../../domain/denial.ts';
import type { BindingKind } from '../../domain/limits.ts';

/** `*` of attempts. */
export interface AttemptRow {
  readonly id: number;
  readonly guild_id: string;
  readonly at: number;
  readonly protocol: Protocol;
  readonly result: AttemptResult;
  readonly license_id: number | null;
  readonly product_id: number | null;
  readonly product: string | null;
  readonly version: string | null;
  readonly key_suffix: string | null;
  readonly declared_ip: string | null;
  readonly observed_ip: string;
  readonly hwid: string | null;
  readonly mac: string | null;
  readonly country: string | null;
  readonly user_agent: string | null;
  readonly info: string | null;
  readonly new_bindings: string;
  readonly quiet: number;
}

export function attemptOf(row: AttemptRow): Attempt {
  return {
    id: row.id,
    guildId: row.guild_id,
    at: new Date(row.at),
    protocol: row.protocol,
    result: row.result,
    licenseId: row.license_id,
    productId: row.product_id,
    product: row.product,
    version: row.version,
    keySuffix: row.key_suffix,
    declaredIp: row.declared_ip,
    observedIp: row.observed_ip,
    hwid: row.hwid,
    mac: row.mac,
    country: row.country,
    userAgent: row.user_agent,
    info: row.info,
    newBindings: JSON.parse(row.new_bindings) as readonly BindingKind[],
    quiet: row.quiet === 1,
  };
}
