import type { Scope } from '../../../src/domain/api-key.ts';
import { afterEach } from '@jest/globals';
import { send, type WireRequest } from './send.ts';
import { startWire, type Wire, type WireOptions } from './start-wire.ts';
import type { WireStore } from './stores.ts';
import { worldGuildId } from './world.ts';

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

/** Opens servers whose API key `golden-api-key` may read and write licenses; they are closed after the test. */
export function useAdmin() {
  const opened: Wire[] = [];
  afterEach(async () => {
    for (const wire of opened.splice(0)) await wire.stop();
  });

  return async (store: WireStore, own: Partial<WireOptions> = {}) => {
    const wire = await startWire({ store, world: { apiKey: { scopes: everything } }, ...own });
    opened.push(wire);
    return adminOf(wire);
  };
}

function adminOf(wire: Wire) {
  const ask = async (method: string, path: string, body?: unknown, more: Partial<WireRequest> = {}) => {
    const headers = { Authorization: 'golden-api-key', 'Content-Type': 'application/json', ...more.headers };
    const request = {
      method,
      path: `/admin/licenses${path}`,
      ...(body === undefined ? {} : { body }),
      ...more,
      headers,
    };
    return send(wire.http.port, request);
  };
  const json = async <T = LicenseJson>(...call: Parameters<typeof ask>): Promise<T> => {
    const answer = await ask(...call);
    if (answer.status > 201) throw new Error(`${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  };
  const verify = async (key: string, ip = '203.0.113.5', query = '') => {
    const path = `/license/ABCDE/${key}/verify${query}`;
    const answer = await send(wire.http.port, { method: 'GET', path, headers: { 'X-Forwarded-For': ip } });
    return (JSON.parse(answer.body) as { readonly result: string }).result;
  };
  const audit = async () => {
    const events = await wire.storage.audit(worldGuildId, {}, page);
    return events.map(({ actor, action }) => `${actor.type} ${action}`);
  };
  return { ...wire, ask, json, verify, audit };
}

/** What a new license needs. */
export const minimal = { active: true, name: 'Jane', notes: 'paid' };
