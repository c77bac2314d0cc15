import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { Protocol } from '../../src/domain/attempt.ts';
import { type AttemptResult, denials, type UnknownGuildReason } from '../../src/domain/denial.ts';
import { possibleDenials } from '../../src/http/protocols/possible-reasons.ts';
import { createProtocols } from '../../src/http/protocols/protocols.ts';
import { send, type WireRequest } from './support/send.ts';
import { type ConfigChanges, startWireOn, usualNow, type Wire } from './support/start-wire.ts';
import { describeOverStores } from './support/over-stores.ts';
import { type WorldChanges, worldGuildId } from './support/world.ts';
import { noContext } from '../support/protocol-context.ts';

/** One exchange with one system: what is given, what is asked, and every byte of the answer's body. */
interface Golden {
  /** null: no check at all, such as another method. */
  readonly covers: AttemptResult | UnknownGuildReason | null;
  readonly given: {
    readonly now?: string;
    readonly world?: WorldChanges;
    readonly config?: ConfigChanges;
    /** Requests before the one that is looked at; `times` sends it with `#` in it counting up. */
    readonly before?: readonly (WireRequest & { readonly times?: number })[];
    readonly storeDown?: boolean;
  };
  readonly request: WireRequest;
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** What the store says about the request; null: it is no attempt. */
  readonly attempt: AttemptResult | null;
}

const folder = join(import.meta.dirname, 'golden');
const adapters = createProtocols(noContext);
const spoken = adapters.map(({ name }) => name);

type NamedGolden = readonly [name: string, golden: Golden];

function goldensOf(protocol: Protocol): readonly NamedGolden[] {
  return readdirSync(join(folder, protocol)).map((file) => {
    const golden = JSON.parse(readFileSync(join(folder, protocol, file), 'utf8')) as Golden;
    return [`${protocol}/${file.replace(/\.json$/, '')}`, golden];
  });
}

/** Those of one world after each other, since tests of one world share it. */
function byWorld(goldens: readonly NamedGolden[]): readonly NamedGolden[] {
  const worldOf = ({ given: { now, world } }: Golden) => JSON.stringify([now, world]);
  return [...Map.groupBy(goldens, ([, golden]) => worldOf(golden)).values()].flat();
}

/** Lets a request that is sent several times name something else each time. */
function numbered(request: WireRequest, index: number): WireRequest {
  return JSON.parse(JSON.stringify(request).replaceAll('#', String(index))) as WireRequest;
}

async function attemptsOf({ storage }: Wire) {
  return storage.attempts(worldGuildId, { quiet: true }, { limit: 1_000, beforeId: null });
}

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

describeOverStores((store) => {
  const worlds = store.worlds();
  afterAll(() => worlds.close());

  test.each(byWorld(spoken.flatMap(goldensOf)))(
    '%s is answered byte for byte',
    async (name, { given, request, response, attempt }) => {
      const { now = usualNow, world, config = {}, before = [], storeDown } = given;
      const requests = before.reduce((sum, { times = 1 }) => sum + times, 1);
      wire = await startWireOn(await worlds.open(now, world, requests), { config });
      const { port } = wire.http;
      for (const { times = 1, ...earlier } of before) {
        for (let index = 0; index < times; index += 1) await send(port, numbered(earlier, index));
      }
      const storedBefore = (await attemptsOf(wire)).length;
      if (storeDown) await wire.storage.close();

      const answer = await send(port, request);

      expect(answer.body).toBe(response.body);
      expect(answer.status).toBe(response.status);
      expect(name).toMatch(new RegExp(`^[a-z]+/${response.status}-`));
      expect(answer.headers).toMatchObject(response.headers ?? {});
      expect(wire.errors).toEqual([]);
      if (storeDown) return;
      const stored = await attemptsOf(wire);
      expect(stored.length - storedBefore).toBe(attempt === null ? 0 : 1);
      if (attempt !== null) expect(stored[0]).toMatchObject({ protocol: name.split('/')[0], result: attempt });
    },
  );
});

describe.each(adapters)('the goldens of $name', ({ name, routes }) => {
  const covered = new Set(goldensOf(name).map(([, { covers }]) => covers));
  const possible = possibleDenials(routes);

  test('cover every denial that can happen in it, and a grant', () => {
    expect(possible.length).toBeGreaterThan(10);
    expect([...possible, 'granted' as const].filter((result) => !covered.has(result))).toEqual([]);
  });

  test('cover none that cannot', () => {
    const impossible = denials.filter((denial) => !possible.includes(denial));
    expect(impossible.filter((denial) => covered.has(denial))).toEqual([]);
  });
});
