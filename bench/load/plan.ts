import type { RequestTemplate } from './request-template.ts';

/** What a load client sends, and for how long. */
export interface LoadPlan {
  readonly port: number;
  readonly tls: boolean;
  readonly connections: number;
  /** false: a new connection for each request. */
  readonly keepAlive: boolean;
  /** Sent in turns. */
  readonly templates: readonly RequestTemplate[];
  /** The licenses that are asked: `count` numbers from `first` on, all of them before one is asked again. */
  readonly licenses: { readonly first: number; readonly count: number };
  /** The load ends once every license was asked, even if time is left. */
  readonly eachOnce: boolean;
  readonly seconds: number;
  /** null: each connection sends its next request when the last one was answered. */
  readonly perSecond: number | null;
  /** Left out: an answer that is not as its template says ends the load, unless the server could not answer. */
  readonly acceptsRefusals?: boolean;
}

export interface LoadResult {
  /** Requests that were answered as the plan says; only these count below. */
  readonly answered: number;
  /** Requests that the server could not answer, such as checks that waited until their deadline on a busy machine. */
  readonly failed: number;
  /** What one of those was answered; null: there were none. */
  readonly failure: string | null;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p975Ms: number;
  readonly p99Ms: number;
}

/** What a load client gets to do: send a load, or end the one that it sends. */
export type LoadOrder = LoadPlan | 'stop';

/** What a load client reports: that its connections are open and it begins, then how it went. */
export type LoadMessage =
  | { readonly type: 'begun' }
  | { readonly type: 'done'; readonly result: LoadResult }
  | { readonly type: 'failed'; readonly reason: string };
