import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { protocols } from '../../src/domain/attempt.ts';
import { noTrail } from '../support/storage-fixtures.ts';
import { describeOverStores } from './support/over-stores.ts';
import { send, type WireRequest } from './support/send.ts';
import { startWire, type Wire } from './support/start-wire.ts';
import { worldGuildId } from './support/world.ts';

interface Golden {
  readonly request: WireRequest;
  readonly response: { readonly status: number; readonly body: string };
}

const key = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
const suspendedStatus = { tki: 403, faxstore: 200, sunlicense: 400, lukittu: 403, licensegate: 200 } as const;

function goldenOf(protocol: string, name: string): Golden {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'golden', protocol, `${name}.json`), 'utf8')) as Golden;
}

describeOverStores((store) => {
  let wire: Wire | undefined;
  afterEach(async () => {
    await wire?.stop();
    wire = undefined;
  });

  test('one license is accepted in all five systems at once, and one suspension refuses it in each one’s words', async () => {
    const running = await startWire({ store });
    wire = running;
    const grants = protocols.map((protocol) => goldenOf(protocol, '200-granted'));
    const answers = () => Promise.all(grants.map(({ request }) => send(running.http.port, request)));
    const shownOf = (golden: Golden) => ({ status: golden.response.status, body: golden.response.body });

    expect(await answers()).toMatchObject(grants.map(shownOf));
    await running.storage.changeLicense(worldGuildId, { key }, (current) => ({
      next: { ...current, holds: [{ kind: 'staff', at: running.clock.now(), reason: null }] },
      trail: noTrail,
      result: {},
    }));

    const refusals = protocols.map((protocol) => goldenOf(protocol, `${suspendedStatus[protocol]}-suspended`));
    expect(await answers()).toMatchObject(refusals.map(shownOf));
    const attempts = await running.storage.attempts(worldGuildId, {}, { limit: 20, beforeId: null });
    const storedOf = (result: string) =>
      attempts.filter((one) => one.result === result).map(({ protocol }) => protocol);
    expect(storedOf('granted').sort()).toEqual(protocols.toSorted());
    expect(storedOf('suspended').sort()).toEqual(protocols.toSorted());
  });
});
