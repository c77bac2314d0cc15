import type { IncomingMessage } from 'node:http';
import type { Protocol, RejectedRequestCount } from '../domain/attempt.ts';
import type { CheckOutcome } from '../domain/decision.ts';
import type { CheckRequest, GuildReference } from '../domain/check-request.ts';
import type { Denial, UnknownGuildReason } from '../domain/denial.ts';
import type { CheckLicense, CheckMode } from '../services/check-license.ts';
import { readBody } from './body.ts';
import type { Client } from './client-ip.ts';
import type { Guard } from './guard.ts';
import type { CheckRoute } from './protocols/protocol.ts';
import type { RateLimit } from './rate-limit.ts';
import type { RejectedRequests } from './rejected-requests.ts';
import type { HttpResponse, RawPath, Route } from './route.ts';

export interface CheckRouteContext {
  readonly checkLicense: CheckLicense;
  readonly readClient: (remoteAddress: string | undefined, headers: IncomingMessage['headers']) => Client;
  readonly rateLimit: RateLimit;
  /** Checks a minute and address; 0 = off. */
  readonly limits: Readonly<Record<Protocol, number>>;
  readonly guard: Guard;
  readonly refusals: RejectedRequests;
  readonly onForgottenProxy: (ip: string) => void;
  readonly onAnswer: (protocol: Protocol, result: CheckResult, tookMs: number) => void;
  readonly deadlineMs: number;
  /** For a body to come. */
  readonly bodyMs: number;
}

export type CheckResult = 'granted' | Denial | UnknownGuildReason | RejectedRequestCount['kind'];

/** Who asks, and until when he is answered. */
interface TimedClient extends Client {
  readonly deadlineAt: number;
}

type Decided = Exclude<CheckOutcome, { readonly result: 'guarded' | 'screened' }>;

interface CheckReply {
  readonly result: CheckResult;
  readonly answer: HttpResponse;
}

const unavailable: CheckOutcome = { result: 'denied', denial: 'store-unavailable', detail: null };

/** A check route as the server mounts it: guard and rate limit around what its adapter translates. */
export function createCheckRoute(protocol: Protocol, route: CheckRoute, context: CheckRouteContext): Route {
  const { rateLimit, guard, refusals } = context;
  const bucket = route.rateLimitBucket ?? protocol;
  const limit = context.limits[protocol];
  const { malformedInGuild } = route;

  function refuseEarly(kind: 'guarded' | 'rate-limited', waitMs: number, ip: string): CheckReply {
    refusals.add(kind, protocol, ip);
    const answer = route.refuse('rate-limited', null, null);
    const headers = { ...answer.headers, 'Retry-After': String(Math.ceil(waitMs / 1000)) };
    return { result: kind, answer: answer.status === 429 ? { ...answer, headers } : answer };
  }

  async function translate(outcome: Decided, request: CheckRequest, client: TimedClient): Promise<CheckReply> {
    const { ip, isForgottenProxy } = client;
    if (outcome.result === 'granted') {
      if (!isForgottenProxy) guard.rememberGrant(ip, request.key ?? '');
      const failed = () => route.refuse('store-unavailable', null, request);
      return { result: 'granted', answer: await inTime(route.grant(outcome, request), client.deadlineAt, failed) };
    }
    if (!isForgottenProxy) for (const value of unknownValues(outcome, request)) guard.countUnknown(ip, value);
    if (outcome.result === 'denied') {
      return { result: outcome.denial, answer: route.refuse(outcome.denial, outcome.detail, request) };
    }
    refusals.add('unknown-guild', protocol, ip);
    return { result: outcome.reason, answer: route.refuse(outcome.reason, null, request) };
  }

  async function check(request: CheckRequest, client: TimedClient): Promise<CheckReply> {
    const outcome = await decideInTime({ type: 'full' }, request, client);
    return translate(outcome as Decided, request, client);
  }

  /** From a guarded address only bound machines pass; only those count against its rate limit. */
  async function checkGuarded(request: CheckRequest, client: TimedClient, blockedMs: number): Promise<CheckReply> {
    const { ip } = client;
    if (request.key === null || request.malformed !== null) return refuseEarly('guarded', blockedMs, ip);
    const waitMs = rateLimit.peek(bucket, ip, limit);
    if (waitMs > 0) return refuseEarly('rate-limited', waitMs, ip);
    if (guard.wasGranted(ip, request.key)) {
      rateLimit.take(bucket, ip, limit);
      return check(request, client);
    }
    const outcome = await decideInTime({ type: 'under-guard' }, request, client);
    if (outcome.result === 'unknown-guild' || outcome.result === 'guarded') {
      return refuseEarly('guarded', blockedMs, ip);
    }
    rateLimit.take(bucket, ip, limit);
    return translate(outcome as Decided, request, client);
  }

  /**
   * The answer to what the guild calls malformed, else null. Since it tells who guesses keys that there is no such
   * license, it counts as one that is unknown, and the guard has to be there.
   */
  async function refuseMalformed(request: CheckRequest, client: TimedClient): Promise<CheckReply | null> {
    if (!malformedInGuild?.suspects(request) || !guard.isOn) return null;
    const outcome = await decideInTime({ type: 'screening', rule: malformedInGuild.rule }, request, client);
    if (outcome.result === 'screened') return null;
    const denial = outcome.result === 'denied' ? outcome.denial : null;
    if (denial === 'malformed' && !client.isForgottenProxy) guard.countUnknown(client.ip, `key ${request.key ?? ''}`);
    return translate(outcome as Decided, request, client);
  }

  function decideInTime(mode: CheckMode, request: CheckRequest, { deadlineAt }: TimedClient): Promise<CheckOutcome> {
    return inTime(context.checkLicense(route.definition, request, mode), deadlineAt, () => unavailable);
  }

  async function reply(incoming: IncomingMessage, { params, query }: RawPath): Promise<CheckReply | null> {
    const { method = '', headers, socket } = incoming;
    const seen = context.readClient(socket.remoteAddress, headers);
    const { ip, country, isForgottenProxy } = seen;
    if (isForgottenProxy) context.onForgottenProxy(ip);
    const blockedMs = isForgottenProxy ? 0 : guard.blockedForMs(ip);
    const takeOne = () => (isForgottenProxy || blockedMs > 0 ? 0 : rateLimit.take(bucket, ip, limit));

    const waitMs = route.malformedFirst ? 0 : takeOne();
    if (waitMs > 0) return refuseEarly('rate-limited', waitMs, ip);
    const body = await readBody(incoming, context.bodyMs);
    if (body.type === 'aborted') return null;
    const client = { ...seen, deadlineAt: performance.now() + context.deadlineMs };
    const request = route.parse({ method, params, query, headers, body, observedIp: ip, country });
    if (route.malformedFirst) {
      if (request.malformed !== null) return check(request, client);
      const malformed = blockedMs > 0 ? null : await refuseMalformed(request, client);
      if (malformed) return malformed;
      const lateWaitMs = takeOne();
      if (lateWaitMs > 0) return refuseEarly('rate-limited', lateWaitMs, ip);
    }
    return blockedMs > 0 ? checkGuarded(request, client, blockedMs) : check(request, client);
  }

  return {
    path: route.path,
    auth: route.auth,
    methods: route.methods,
    headers: route.headers ?? {},
    handle: async (incoming, path) => {
      const startedAt = performance.now();
      const done = await reply(incoming, path);
      if (done) context.onAnswer(protocol, done.result, performance.now() - startedAt);
      return done?.answer ?? null;
    },
    // Asked for each time: some systems' answers tell the time, or an address known only once the server listens.
    get wrongMethod() {
      return wrongMethodAnswer(route);
    },
    get failed() {
      return route.refuse('store-unavailable', null, null);
    },
  };
}

/** What comes too late is somebody else's trouble by then: the client has its answer. */
function inTime<T>(result: T | Promise<T>, deadlineAt: number, late: () => T): Promise<T> {
  if (!(result instanceof Promise)) return Promise.resolve(result);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(late());
    }, deadlineAt - performance.now());
    result.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

function wrongMethodAnswer(route: CheckRoute): HttpResponse {
  const malformed = route.refuse('malformed', null, null);
  return { ...malformed, status: 405, body: route.wrongMethodBody ?? malformed.body };
}

/** What the guard counts: values that name nothing here, each with its kind. */
function unknownValues(outcome: CheckOutcome, { guildReference: reference, key }: CheckRequest): readonly string[] {
  if (outcome.result === 'unknown-guild') return referenceValues(reference).map((value) => `${reference.by} ${value}`);
  return outcome.result === 'denied' && outcome.denial === 'license-unknown' ? [`key ${key ?? ''}`] : [];
}

function referenceValues(reference: GuildReference): readonly (string | number)[] {
  switch (reference.by) {
    case 'api-key':
      return [reference.secret ?? ''];
    case 'team':
      return [reference.teamId];
    case 'user':
      return [reference.userId];
    case 'product':
      return reference.productIds;
  }
}
