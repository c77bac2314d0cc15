import { normaliseKey } from '../../../domain/values/key-format.ts';
import type { ApiKeyRoute, ManagementAction, ManagementRequest } from '../../api-key-route.ts';
import type { JsonObject } from '../../body.ts';
import { parseFields } from '../../request-fields.ts';
import type { HttpResponse } from '../../route.ts';
import { decodeSegment } from '../../routing.ts';
import type { Turns } from '../../turns.ts';
import type { AdminServices } from './admin-services.ts';
import { createAdminLicenses } from './licenses.ts';
import { readListQuery } from './list-query.ts';
import { failed, invalidSchema, notFound, tooMany, unauthorized } from './render.ts';
import { integer, readChange, readCreation } from './schema.ts';

/** The API by which LicenseGate's licenses are managed, for billing modules that were written for it. */
export function createLicenseGateAdmin(services: AdminServices, now: () => Date, turns: Turns): readonly ApiKeyRoute[] {
  const licenses = createAdminLicenses(services, now, turns);
  // The system has no scopes: an API key that may not act is none.
  const words = {
    unauthorized,
    missingScope: () => unauthorized,
    tooMany,
    failed,
    wrongMethod: invalidSchema({}, 405),
    allowsAnyOrigin: true,
  } as const;
  const reads = (handle: ManagementAction['handle']): ManagementAction => ({ scope: 'licenses:read', handle });
  const writes = (handle: ManagementAction['handle']): ManagementAction => ({ scope: 'licenses:write', handle });

  return [
    {
      path: '/admin/licenses',
      ...words,
      actions: {
        GET: reads(async (request) => {
          const query = readListQuery(request.query);
          return query.ok ? licenses.list(byOf(request), query.value) : invalidSchema(query.error);
        }),
        POST: writes((request) =>
          withBody(request, async (body) => {
            const fields = readCreation(body);
            return fields.ok ? licenses.create(byOf(request), fields.value) : invalidSchema(fields.error);
          }),
        ),
      },
    },
    {
      path: '/admin/licenses/key/:licenseKey',
      ...words,
      actions: {
        GET: reads(async (request) => {
          const decoded = decodeSegment(request.params.licenseKey ?? '');
          if (decoded === null) return invalidSchema({ licenseKey: { message: 'invalid string value' } });
          const key = normaliseKey(decoded);
          // No license has a key that cannot be one.
          if (key === null) return notFound;
          return withLogs(request, (logs) => licenses.show(byOf(request), { key, ignoresCase: true }, logs));
        }),
      },
    },
    {
      path: '/admin/licenses/:id',
      ...words,
      actions: {
        GET: reads((request) =>
          withId(request, (id) => withLogs(request, (logs) => licenses.show(byOf(request), { id }, logs))),
        ),
        PATCH: writes((request) =>
          withId(request, (id) =>
            withBody(request, async (body) => {
              const fields = readChange(body);
              return fields.ok ? licenses.edit(byOf(request), id, fields.value) : invalidSchema(fields.error);
            }),
          ),
        ),
        DELETE: writes((request) => withId(request, (id) => licenses.remove(byOf(request), id))),
      },
    },
  ];
}

function byOf({ apiKey }: ManagementRequest) {
  return { guildId: apiKey.guildId, actor: { type: 'api-key', id: apiKey.id } } as const;
}

async function withBody(
  request: ManagementRequest,
  act: (body: JsonObject) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const body = parseFields(request.body, request.headers['content-type']);
  return body === null ? invalidSchema({ requestBody: { message: 'invalid object' } }) : act(body);
}

async function withId(
  { params }: ManagementRequest,
  act: (id: number) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const id = integer(0, Number.MAX_SAFE_INTEGER)(decodeSegment(params.id ?? ''));
  return id.ok ? act(id.value) : invalidSchema({ id: { message: id.error } });
}

async function withLogs(
  { query }: ManagementRequest,
  act: (logs: boolean) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const read = readListQuery(query);
  return read.ok ? act(read.value.includeLogs) : invalidSchema(read.error);
}
