import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Protocol } from '../domain/attempt.ts';
import type { CheckResult } from './check-route.ts';

export interface Metrics {
  readonly countCheck: (protocol: Protocol, result: CheckResult, tookMs: number) => void;
  readonly contentType: string;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
}

export interface MetricsOptions {
  /** The addresses that rate limit and guard hold in memory. */
  readonly countAddresses: () => number;
}

/** Every label has a closed list of values. No address, key, name or guild is a label: each value costs memory for good. */
export function createMetrics({ countAddresses }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const checks = new Counter({
    name: 'latchkey_checks_total',
    help: 'Checks by protocol and result.',
    labelNames: ['protocol', 'result'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'latchkey_check_duration_seconds',
    help: 'From the head of the request to its answer.',
    labelNames: ['protocol'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers: [registry],
  });
  new Gauge({
    name: 'latchkey_addresses',
    help: 'Addresses that the rate limit and the guard hold in memory.',
    registers: [registry],
    collect() {
      this.set(countAddresses());
    },
  });
  // prom-client takes longer to find the labels of a series than to count in it.
  const series = new Map<string, (seconds: number) => void>();
  const openSeries = (protocol: Protocol, result: CheckResult) => {
    const count = checks.labels(protocol, result);
    const duration = durations.labels(protocol);
    return (seconds: number) => {
      count.inc();
      duration.observe(seconds);
    };
  };
  return {
    countCheck: (protocol, result, tookMs) => {
      const name = `${protocol} ${result}`;
      let countIn = series.get(name);
      if (!countIn) {
        countIn = openSeries(protocol, result);
        series.set(name, countIn);
      }
      countIn(tookMs / 1000);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
