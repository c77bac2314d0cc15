interface Rule {
  readonly limit: number;
  readonly windowMs: number;
}

interface Window {
  count: number;
  endsAtMs: number;
}

interface RateLimitResult {
  readonly headers: Readonly<Record<string, string>>;
  /** Present where the limit is exceeded: the request must be answered with 429. */
  readonly exceeded?: { readonly retryAfterSeconds: number; readonly global: boolean };
}

const globalRule: Rule = { limit: 50, windowMs: 1_000 };

/**
 * Limits per route and per channel or guild. Discord does not document them; its headers for messages are known to
 * announce 5 requests in 5 s.
 */
const rules: Readonly<Record<string, Rule>> = {
  'POST /channels/:channel/messages': { limit: 5, windowMs: 5_000 },
  'PATCH /channels/:channel/messages/:message': { limit: 5, windowMs: 5_000 },
};
const defaultRule: Rule = { limit: 50, windowMs: 1_000 };

export interface RateLimits {
  /** Counts a request. `major` is the id of the channel or guild in its path. */
  readonly check: (route: string, major: string) => RateLimitResult;
}

/** Counts requests in fixed windows, as Discord's headers describe them. Answers to interactions are not limited. */
export function createRateLimits(now: () => number): RateLimits {
  const windows = new Map<string, Window>();

  function take(key: string, rule: Rule): Window & { readonly isFull: boolean } {
    const found = windows.get(key);
    const window = found && found.endsAtMs > now() ? found : { count: 0, endsAtMs: now() + rule.windowMs };
    windows.set(key, window);
    const isFull = window.count >= rule.limit;
    if (!isFull) window.count += 1;
    return { ...window, isFull };
  }

  return {
    check: (route, major) => {
      const global = take('global', globalRule);
      if (global.isFull) {
        const retryAfterSeconds = (global.endsAtMs - now()) / 1_000;
        const headers = { 'x-ratelimit-global': 'true', 'x-ratelimit-scope': 'global' };
        return { headers, exceeded: { retryAfterSeconds, global: true } };
      }
      const rule = rules[route] ?? defaultRule;
      const window = take(`${route} ${major}`, rule);
      const retryAfterSeconds = (window.endsAtMs - now()) / 1_000;
      const headers = {
        'x-ratelimit-limit': String(rule.limit),
        'x-ratelimit-remaining': String(rule.limit - window.count),
        'x-ratelimit-reset': (window.endsAtMs / 1_000).toFixed(3),
        'x-ratelimit-reset-after': retryAfterSeconds.toFixed(3),
        'x-ratelimit-bucket': Buffer.from(route).toString('hex').slice(-32),
      };
      if (!window.isFull) return { headers };
      return { headers: { ...headers, 'x-ratelimit-scope': 'user' }, exceeded: { retryAfterSeconds, global: false } };
    },
  };
}
