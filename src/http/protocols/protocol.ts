import type { IncomingHttpHeaders } from 'node:http';
import type { Protocol } from '../../domain/attempt.ts';
import type { CheckRequest } from '../../domain/check-request.ts';
import type { Granted } from '../../domain/decision.ts';
import type { CheckDefinition } from '../../domain/check.ts';
import type { Guild, SigningSystem } from '../../domain/guild.ts';
import type { Rule } from '../../domain/rules.ts';
import type { Body } from '../body.ts';
import type { TextResponse } from '../route.ts';
import type { CheckAuth, Reason } from './possible-reasons.ts';

/** An HTTP request as an adapter sees it: nothing of it is decoded, parsed or trusted yet. */
export interface PlainRequest {
  readonly method: string;
  /** The segment for each `:name` of the route's path, still percent-encoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
  readonly observedIp: string;
  readonly country: string | null;
}

/** One check route of a foreign system: how its requests are parsed and its answers rendered. */
export interface CheckRoute {
  readonly path: string;
  readonly auth: CheckAuth;
  readonly methods: readonly string[];
  /** Programs in browsers may call the route from every page. */
  readonly allowsAnyOrigin?: true;
  /** Routes with the same bucket share one rate limit; omitted: all routes of the protocol do. */
  readonly rateLimitBucket?: string;
  /** The foreign system validates before it limits: malformed requests are neither rate-limited nor guarded here either. */
  readonly malformedBeforeRateLimit?: boolean;
  /** A rule that only the guild's settings can answer, but whose denial comes before the rate limit too. */
  readonly screening?: {
    /** Whether the rule has to be asked for this request; it costs a read of the store. */
    readonly suspects: (request: CheckRequest) => boolean;
    readonly rule: Rule;
  };
  readonly definition: CheckDefinition;
  /** Never throws: a request that cannot be understood has `malformed` set. */
  parse(request: PlainRequest): CheckRequest;
  renderGrant(granted: Granted, request: CheckRequest): TextResponse | Promise<TextResponse>;
  /** `request` is null where it was rejected before it was parsed; `detail` is the sentence of `parse` or of a rule. */
  renderDenial(reason: Reason, detail: string | null, request: CheckRequest | null): TextResponse;
  /** The body for another method; omitted: that of `malformed`. */
  readonly wrongMethodBody?: string;
}

/** A foreign system whose clients work unchanged. An adapter translates; it decides nothing. */
export interface ProtocolAdapter {
  readonly name: Protocol;
  /** The first route that matches the path answers. */
  readonly routes: readonly CheckRoute[];
}

/** What adapters need to know of this installation. */
export interface ProtocolContext {
  /** The URL that clients know, without a trailing slash. */
  readonly publicUrl: () => string;
  readonly now: () => Date;
  /**
   * Signs the text's UTF-8 bytes with the guild's challenge key for this system: RSASSA-PKCS1-v1_5 with SHA-256, off the
   * main thread.
   */
  readonly sign: (guild: Guild, challenge: string, system: SigningSystem) => Promise<Buffer>;
}
