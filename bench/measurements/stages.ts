import { startLatchkey } from '../latchkey-server.ts';
import { startBaseline, type MeasuredServer } from '../servers.ts';
import { prepareStore } from '../store/prepare-store.ts';
import { setLastSeen } from '../store/set-last-seen.ts';
import { allLicenses, type StoreSize } from '../store/world.ts';
import type { Stage } from './kinds-of-checks.ts';

/** The servers of a run, each started when it is first needed. */
export interface Stages {
  /** Latchkey on an embedded store of this size. */
  store(size: StoreSize, options?: { readonly tls?: boolean }): Promise<Stage & { readonly dir: string }>;
  baseline(file: string, args?: readonly string[], tls?: boolean): Promise<MeasuredServer>;
  /** A folder with a store of this size and no server. */
  folder(size: StoreSize): Promise<string>;
  /** Ends all servers. */
  end(): Promise<void>;
}

export function createStages(): Stages {
  const running = new Map<string, Promise<Stage & { readonly dir: string }>>();
  const baselines = new Map<string, Promise<MeasuredServer>>();

  async function folder(size: StoreSize): Promise<string> {
    const dir = await prepareStore(size);
    // The store may be days old: its slots would be refreshed by the first checks only.
    await setLastSeen({ dir }, { first: 0, count: allLicenses(size) }, new Date());
    return dir;
  }

  async function start(size: StoreSize, tls: boolean) {
    const dir = await folder(size);
    const server = await startLatchkey({ dir }, { tls });
    return { dir, place: { dir }, server, licenses: { first: 0, count: size.licenses } };
  }

  function once<T>(known: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
    const made = known.get(name) ?? make();
    known.set(name, made);
    return made;
  }

  return {
    folder,
    store: (size, { tls = false } = {}) => once(running, JSON.stringify([size, tls]), () => start(size, tls)),
    baseline: (file, args = [], tls = false) =>
      once(baselines, [file, ...args].join(' '), () => startBaseline(file, args, tls)),
    end: async () => {
      const stages = await Promise.all(running.values());
      const servers = [...stages.map(({ server }) => server), ...(await Promise.all(baselines.values()))];
      await Promise.all(servers.map((server) => server.end()));
    },
  };
}
