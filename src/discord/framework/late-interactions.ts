import type { Log } from '../../log/log.ts';

/**
 * Counts interactions that were answered too late: Discord waits three seconds for the first response. A slow store or
 * machine makes them many at once, so they are reported together.
 */
export interface LateInteractions {
  /** `name` is the command or the handler of the component. */
  add(name: string): void;
  /** Logs how many there were since the last call, if any; called once a minute. */
  report(): Promise<undefined>;
}

export function createLateInteractions(log: Pick<Log, 'warn'>): LateInteractions {
  const counts = new Map<string, number>();

  return {
    add(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    report() {
      if (counts.size > 0) {
        const count = [...counts.values()].reduce((sum, one) => sum + one, 0);
        log.warn('Discord did not take answers, because they came more than 3 seconds late', {
          count,
          commands: Object.fromEntries(counts),
        });
      }
      counts.clear();
      return Promise.resolve(undefined);
    },
  };
}
