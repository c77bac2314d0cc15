import { LRUCache } from 'lru-cache';
import { hourMs } from '../domain/values/calendar.ts';

/** Something for staff to look at that belongs to no guild, because it concerns the whole installation. */
export interface HttpAlert {
  readonly kind: 'guard-block' | 'undeclared-proxy';
  /** The client's or the proxy's address. */
  readonly subject: string;
  readonly text: string;
}

export interface Alerts {
  readonly guardBlock: (ip: string) => void;
  readonly undeclaredProxy: (ip: string) => void;
}

export interface AlertsOptions {
  readonly now: () => Date;
  readonly onAlert: (alert: HttpAlert) => void;
}

/** Raises at most one alert an hour for each kind and address, because an undeclared proxy comes with every request. */
export function createAlerts({ now, onAlert }: AlertsOptions): Alerts {
  const raisedAt = new LRUCache<string, number>({ max: 1_000 });

  function raise(alert: HttpAlert): void {
    const name = `${alert.kind} ${alert.subject}`;
    const before = raisedAt.get(name);
    const at = now().getTime();
    // Where the clock was set back by more than an hour, the alert before lies in the future and keeps none back.
    if (before !== undefined && Math.abs(at - before) < hourMs) return;
    raisedAt.set(name, at);
    onAlert(alert);
  }

  return {
    guardBlock: (ip) => {
      const text = `${ip} tried too many unknown keys or ids. For a while only machines that are already bound pass from there.`;
      raise({ kind: 'guard-block', subject: ip, text });
    },
    undeclaredProxy: (ip) => {
      const text =
        `${ip} keeps sending forwarding headers but is not in http.trustedProxies, so every customer behind it has the ` +
        'same address: IP limits and IP blacklists cannot tell them apart, and they share one rate limit, ten times as ' +
        'high as usual. Add it there.';
      raise({ kind: 'undeclared-proxy', subject: ip, text });
    },
  };
}
