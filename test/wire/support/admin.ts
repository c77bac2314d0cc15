import type { Scope } from '../../../src/domain/api-key.ts';
import { send, type WireRequest } from './send.ts';
import { startWire, type Wire, type WireOptions } from './start-wire.ts';
import type { WireStore } from './stores.ts';
import { worldGuildId } from './world.ts';
import { afterEach } from '@jest/globals';

export const everything: readonly Scope[] = ['licenses:read', 'licenses:write'];
export const goldKey = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
export const page = { limit: 100, beforeId: null };
/** `abcde`, the hex user id of the guild, as a number. */
export const userId = 703710;

export interface LicenseJson {
  readonly id: number;
  readonly licenseKey: string;
  readonly validationPoints: number | null;
  readonly logs?: readonly object[];
}

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

/** A server whose API key `golden-api-key` may read and write licenses, closed after the test. */
export async function openAdmin(store: WireStore, own: Partial<WireOptions> = {}) {
  const started = await startWire({ store, world: { apiKey: { scopes: everything } }, ...own });
  wire = started;
  const ask = async (method: string, path: string, body?: unknown, more: Partial<WireRequest> = {}) => {
    const headers = { Authorization: 'golden-api-key', 'Content-Type': 'application/json', ...more.headers };
    const request = {
      method,
      path: `/admin/licenses${path}`,
      ...(body === undefined ? {} : { body }),
      ...more,
      headers,
    };
    return send(started.http.port, request);
  };
  const json = async <T = LicenseJson>(...call: Parameters<typeof ask>): Promise<T> => {
    const answer = await ask(...call);
    if (answer.status > 201) throw new Error(`${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  };
  const verify = async (key: string, ip = '203.0.113.5', query = '') => {
    const path = `/license/ABCDE/${key}/verify${query}`;
    const answer = await send(started.http.port, { method: 'GET', path, headers: { 'X-Forwarded-For': ip } });
    return (JSON.parse(answer.body) as { readonly result: string }).result;
  };
  const audit = async () => {
    const events = await started.storage.audit(worldGuildId, {}, page);
    return events.map(({ actor, action }) => `${actor.type} ${action}`);
  };
  return { ...started, ask, json, verify, audit };
}

/** What a new license needs. */
export const minimal = { active: true, name: 'Jane', notes: 'paid' };
