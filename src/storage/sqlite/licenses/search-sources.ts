import type { LicenseState } from '../../../domain/license.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import { everyProduct } from './further-products.ts';
import { entriesOf, type ListedEntries, maxExceptions, statesOf } from '../../listed-states.ts';

/** Ids of licenses in descending order, as an index holds them: no window of a search is sorted. */
export interface Source {
  /** `FROM` and `WHERE`. It may find more licenses than the query does, but none less. */
  readonly from: string;
  readonly id: string;
  /** A condition that the index answers as well. */
  readonly also?: string;
}

const ended = `licenses INDEXED BY licenses_expires
  WHERE expires_at IS NOT NULL AND expiry_notified = 0 AND deleted_at IS NULL`;
const endedAndProcessed = `licenses INDEXED BY licenses_processed_ends
  WHERE expires_at IS NOT NULL AND expiry_notified = 1 AND deleted_at IS NULL`;

/** Licenses whose end has passed and was not processed yet: most often those of the last minute. */
export const unprocessedEnds = `${ended} AND expires_at <= :now`;
/** Licenses whose end was processed by a clock that was ahead, and is still to come. */
export const earlyEnds = `${endedAndProcessed} AND expires_at > :now`;

/** Licenses that are for the product `:product` besides their main one. */
const furtherSources: readonly Source[] = [':product', String(everyProduct)].map((product) => ({
  id: 'license_id',
  from: `license_products WHERE guild_id = :guild AND product_id = ${product}`,
}));

/** What sources depend on besides the query. */
export interface SourceFacts {
  /** Whether at most `maxExceptions` rows are found; asked of the exceptions only. */
  readonly isFew: (from: string) => boolean;
  /** The parameters that hold the guild's deleted products, with colon. */
  readonly deletedProducts: readonly string[];
}

/** The SQL whose `count` says whether there are too many rows. */
export function manySql(from: string): string {
  return `SELECT count(*) > ${maxExceptions} AS many FROM (SELECT 1 FROM ${from} LIMIT ${maxExceptions + 1})`;
}

/** The sources of a query that finds licenses by no part of a text. */
export function sourcesOf(query: LicenseQuery, facts: SourceFacts): readonly Source[] {
  const ofGuild = (index: string, condition: string): readonly Source[] => [
    { id: 'id', from: `licenses INDEXED BY ${index} WHERE guild_id = :guild AND ${condition}` },
  ];
  if (query.keySuffix !== undefined) return ofGuild('licenses_suffix', 'key_suffix = :suffix COLLATE NOCASE');
  if (query.order !== undefined) return ofGuild('licenses_order', 'order_folded = :order');
  if (query.ownerId !== undefined) return ofGuild('licenses_owner', 'owner_id = :owner');
  if (query.customerId !== undefined) return ofGuild('licenses_customer', 'customer_id = :customer');
  if (query.binding) {
    const isBound = 'kind = :kind AND value = :value';
    return ['slots', 'observed_values'].map((table) => ({ id: 'license_id', from: `${table} WHERE ${isBound}` }));
  }
  if (query.expiresBefore !== undefined) {
    const ending = [ended, endedAndProcessed].map((from) => `${from} AND expires_at <= :expires`);
    if (query.state !== 'deleted' && ending.every(facts.isFew)) return ending.map((from) => ({ id: 'id', from }));
  }
  if (query.staff === true) return ofGuild('licenses_staff', 'staff = 1');
  const states = statesOf(query);
  const further = query.productId === undefined ? [] : furtherSources;
  if (query.state !== undefined || query.active !== undefined || query.hold !== undefined) {
    return [...states.flatMap((state) => sourcesOfState(state, query, facts)), ...further];
  }
  if (query.productId !== undefined) return [...ofGuild('licenses_product', 'product_id = :product'), ...further];
  return ofGuild('licenses_guild', 'TRUE');
}

function sourcesOfState(state: LicenseState, { productId }: LicenseQuery, facts: SourceFacts): readonly Source[] {
  const listed = ({ as, isEndProcessed }: ListedEntries): Source => ({
    id: 'id',
    from: `licenses INDEXED BY licenses_state
      WHERE guild_id = :guild AND listed_as = '${as}' AND expiry_notified = ${Number(isEndProcessed)}`,
    ...(productId === undefined ? {} : { also: 'product_id = :product' }),
  });
  const entries = entriesOf[state].map(listed);
  if (state === 'deleted') {
    const ofProduct = (product: string) => `licenses INDEXED BY licenses_product WHERE product_id = ${product}`;
    return [...entries, ...facts.deletedProducts.map((product) => ({ id: 'id', from: ofProduct(product) }))];
  }
  if (state !== 'expired' && state !== 'active') return entries;
  const exceptions = state === 'expired' ? unprocessedEnds : earlyEnds;
  const others = listed({ as: 'on', isEndProcessed: state === 'active' });
  return [...entries, facts.isFew(exceptions) ? { id: 'id', from: exceptions } : others];
}
