export type MonitorOrder =
  | { readonly type: 'begin'; readonly profiles: boolean }
  | { readonly type: 'end' }
  | { readonly type: 'run-job'; readonly index: number };

export type MonitorAnswer =
  | { readonly type: 'begun' | 'job-started' }
  | {
      readonly type: 'ended';
      readonly holdMs: number;
      readonly holdCpuMs: number;
      /** What ran during the hold that used most CPU, innermost first; empty without a profile. */
      readonly stack: readonly string[];
    }
  | { readonly type: 'failed'; readonly reason: string };
