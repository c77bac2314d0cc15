import type { IncomingHttpHeaders } from 'node:http';
import type { Protocol } from '../../domain/attempt.ts';
import type { CheckRequest } from '../../domain/check-request.ts';
import type { Granted } from '../../domain/decision.ts';
import type { CheckDefinition } from '../../domain/check.ts';
import type { Guild } from '../../domain/guild.ts';
import type { Rule } from '../../domain/rules.ts';
import type { Body } from '../body.ts';
import type { AuthClass, TextResponse } from '../route.ts';
import type { Reason } from './possible-reasons.ts';

/** An HTTP request as an adapter sees it: nothing of it is decoded, parsed or trusted yet. */
export interface PlainRequest {
  readonly method: string;
  /** What stands for each `:name` of the route's path, percent-encoded as it came. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
  readonly observedIp: string;
  readonly country: string | null;
}

/** One check route of a foreign system: what it is asked, and its words for the answers. */
export interface CheckRoute {
  readonly path: string;
  readonly auth: Exclude<AuthClass, 'public'>;
  readonly methods: readonly string[];
  /** Sent with every answer, OPTIONS included (CORS). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests of the same counter share one rate limit; left out: the protocol's name. */
  readonly rateLimitBucket?: string;
  /** The page puts what is malformed before the rate limit: so it is neither limited nor guarded. */
  readonly malformedBeforeRateLimit?: boolean;
  /** What only the guild can call malformed: asked of such requests before the rate limit too. */
  readonly screening?: { readonly suspects: (request: CheckRequest) => boolean; readonly rule: Rule };
  readonly definition: CheckDefinition;
  /** Never throws: what cannot be understood is a request with `malformed` set. */
  parse(request: PlainRequest): CheckRequest;
  renderGrant(granted: Granted, request: CheckRequest): TextResponse | Promise<TextResponse>;
  /** `request` is null where the refusal came before it was parsed; `detail` is what `parse` or a rule said. */
  renderDenial(reason: Reason, detail: string | null, request: CheckRequest | null): TextResponse;
  /** The body for another method; left out: that of `malformed`. */
  readonly wrongMethodBody?: string;
}

/** A foreign system whose clients work unchanged. Translates and decides nothing. */
export interface ProtocolAdapter {
  readonly name: Protocol;
  /** The first that fits a path answers. */
  readonly routes: readonly CheckRoute[];
}

/** What adapters need to know of this installation. */
export interface ProtocolContext {
  /** The address that clients know, without a trailing slash. */
  readonly publicUrl: () => string;
  readonly now: () => Date;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the text's UTF-8 bytes, by the guild's challenge key. Does not hold up others. */
  readonly sign: (guild: Guild, challenge: string) => Promise<Buffer>;
}
