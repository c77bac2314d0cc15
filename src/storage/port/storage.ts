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
 * The store, as services and jobs use it. Every method is one atomic change or one consistent read unless its comment
 * says otherwise. Records of another guild are not found.
 *
 * A promise resolves after the commit is durable: what a person or job changed survives a power cut, and every check
 * that arrives afterwards, on any process, is decided with it. (Whether a check itself survives a power cut is
 * configured: `data.durability`.)
 *
 * What the caller got wrong is returned as a value, such as `taken` or null. A method rejects with
 * `StoreUnavailableError` when the store cannot serve the call, and with other errors only for defects of the program.
 * No value that crosses this port is `undefined`.
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
