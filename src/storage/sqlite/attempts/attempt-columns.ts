import type { Attempt, Protocol } from '../../../domain/attempt.ts';
import type { AttemptResult } from '../../../domain/denial.ts';
import type { BindingKind } from '../../../domain/limits.ts';
import { describeColumns, type Fields } from '../columns.ts';
import { flag, instant, jsonList, optionalJson, plain } from '../fields.ts';

/** How an attempt is stored in `attempts`, all but its id, which SQLite makes. */
const fields = {
  guildId: plain<string>('guild_id'),
  at: instant('at'),
  protocol: plain<Protocol>('protocol'),
  result: plain<AttemptResult>('result'),
  licenseId: plain<number | null>('license_id'),
  productId: plain<number | null>('product_id'),
  product: plain<string | null>('product'),
  version: plain<string | null>('version'),
  branch: plain<string | null>('branch'),
  scope: plain<string | null>('scope'),
  keySuffix: plain<string | null>('key_suffix'),
  declaredIp: plain<string | null>('declared_ip'),
  observedIp: plain<string>('observed_ip'),
  countedIp: plain<Attempt['countedIp']>('counted_ip'),
  hwid: plain<string | null>('hwid'),
  mac: plain<string | null>('mac'),
  country: plain<string | null>('country'),
  userAgent: plain<string | null>('user_agent'),
  info: plain<string | null>('info'),
  newBindings: jsonList<BindingKind>('new_bindings'),
  replaced: optionalJson<Attempt['replaced']>('replaced'),
  quiet: flag('quiet'),
} satisfies Fields<Omit<Attempt, 'id'>>;

/** An attempt to be stored, or one as it is copied. */
export const newAttemptColumns = describeColumns<Omit<Attempt, 'id'>>(fields);

export const attemptColumns = describeColumns<Attempt>({ id: plain<number>('id'), ...fields });
