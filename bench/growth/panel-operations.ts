import { request } from 'node:http';
import { keyOf, world } from '../store/world.ts';
import type { GrowthWorld, Operation } from './operation.ts';

interface PanelCase {
  readonly path: string;
  readonly body?: object;
}

/**
 * Every management call by its method and route, with the uses that read or change most. A route that is missing here fails
 * a unit test.
 */
export const panelCases: Readonly<Record<string, readonly PanelCase[]>> = {
  'GET /admin/licenses': [
    { path: '/admin/licenses' },
    { path: '/admin/licenses?take=1000' },
    { path: '/admin/licenses?take=1000&includeLogs=true' },
    { path: '/admin/licenses?take=1000&filterStatus=active' },
    { path: '/admin/licenses?take=1000&filterStatus=disabled%2Fexpired' },
    { path: '/admin/licenses?take=1000&skip=900000' },
  ],
  'POST /admin/licenses': [{ path: '/admin/licenses', body: { name: 'made by a panel' } }],
  'GET /admin/licenses/key/:licenseKey': [
    { path: `/admin/licenses/key/${keyOf(66)}?includeLogs=true` },
    { path: '/admin/licenses/key/no-such-key' },
  ],
  'GET /admin/licenses/:id': [{ path: '/admin/licenses/66?includeLogs=true' }],
  'PATCH /admin/licenses/:id': [{ path: '/admin/licenses/67', body: { notes: 'changed by a panel' } }],
  'DELETE /admin/licenses/:id': [{ path: '/admin/licenses/68' }],
};

export const panelOperations: readonly Operation[] = Object.entries(panelCases).flatMap(([route, cases]) =>
  cases.map(({ path, body }) => {
    const method = route.split(' ')[0] ?? 'GET';
    return { name: `${method} ${path}`, run: (growth: GrowthWorld) => call(growth, method, path, body) };
  }),
);

/** Reads the whole answer. Resolves with the status where the server failed. */
function call({ server }: GrowthWorld, method: string, path: string, body?: object): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: world.managementKey, 'content-type': 'application/json' };
    const sent = request({ host: '127.0.0.1', port: server.port, method, path, headers }, (response) => {
      const status = response.statusCode ?? 0;
      response.resume().once('end', () => {
        resolve(status >= 500 ? `status ${status}` : null);
      });
    });
    sent.once('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}
