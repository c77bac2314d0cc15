import { baselineRequest, grantedChecks } from '../load/requests.ts';
import type { MeasuredServer } from '../servers.ts';
import type { LicenseRange } from '../store/set-last-seen.ts';
import { tki } from './contender-names.ts';
import type { ContenderPlan } from './measure-set.ts';

export function baseline(name: string, server: MeasuredServer): ContenderPlan {
  return { name, server, templates: [baselineRequest], licenses: { first: 0, count: 1 } };
}

export function validChecks(server: MeasuredServer, licenses: LicenseRange, name = tki): ContenderPlan {
  return { name, server, templates: [grantedChecks.tki], licenses };
}
