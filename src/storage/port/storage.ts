import type { Alerts } from './alerts.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Attempts } from './attempts.ts';
import type { Audit } from './audit.ts';
import type { Blacklist } from './blacklist.ts';
import type { Checks } from './checks.ts';
import type { Coordination } from './coordination.ts';
import type { Customers } from './customers.ts';
import type { Effects } from './effects.ts';
import type { Guilds } from './guilds.ts';
import type { Inspection } from './inspection.ts';
import type { Licenses } from './licenses.ts';
import type { Products } from './products.ts';
import type { RejectedRequests } from './rejected-requests.ts';
import type { Upkeep } from './upkeep.ts';
import type { Users } from './users.ts';

/**
 * The store. It speaks intents with atomic meaning: every method is one change or one consistent read. No documents and
 * no `undefined` cross it. Ids of another guild are not found. A method settles after its commit is durable: a change
 * by a person survives a power cut and binds every check that arrives afterwards, on every process.
 *
 * Everything that a caller did wrong is a value; what it throws is trouble (`StoreUnavailableError`: closed, locked for
 * too long, full, read-only).
 */
export interface Storage
  extends
    Checks,
    Guilds,
    Customers,
    Products,
    Licenses,
    ApiKeys,
    Blacklist,
    Attempts,
    RejectedRequests,
    Audit,
    Alerts,
    Users,
    Effects,
    Coordination,
    Upkeep,
    Inspection {}
