import type { IncomingMessage } from 'node:http';
import type { Protocol, RejectedRequestCount } from '../domain/attempt.ts';
import { type CheckRequest, withStoredForms } from '../domain/check-request.ts';
import type { IsKnown } from '../domain/check.ts';
import type { CheckOutcome } from '../domain/decision.ts';
import type { Denial, UnknownGuildReason } from '../domain/denial.ts';
import type { CheckLicense, CheckMode } from '../services/check-license.ts';
import { originHeaders } from './any-origin.ts';
import { type Body, readBody } from './body.ts';
import type { Guard } from './guard.ts';
import type { CheckRoute } from './protocols/protocol.ts';
import type { Excess, RateLimit } from './rate-limit.ts';
import type { RejectedRequests } from './rejected-requests.ts';
import { asRejection, type TextResponse, type RawPath, type Route, withRetryAfter } from './route.ts';
import { createRouteClientReader, type RouteClient, type RouteClientOptions } from './route-client.ts';
import { unknownKey, unknownValues } from './unknown-values.ts';
import { withinDeadline } from './within-deadline.ts';

export interface CheckRouteContext extends RouteClientOptions {
  readonly checkLicense: CheckLicense;
  readonly rateLimit: RateLimit;
  /** Checks a minute and address; 0 = off. */
  readonly limits: Readonly<Record<Protocol, number>>;
  readonly guard: Guard;
  readonly rejectedRequests: RejectedRequests;
  readonly onAnswer: (protocol: Protocol, result: CheckResult, tookMs: number) => void;
  /** From the last byte of the request to its answer. */
  readonly deadlineMs: number;
  /** From the head of the request to the last byte of its body. */
  readonly bodyTimeoutMs: number;
}

export type CheckResult = 'granted' | Denial | UnknownGuildReason | RejectedRequestCount['kind'];

/** A check whose request has arrived and was parsed. */
interface ParsedCheck {
  readonly client: RouteClient;
  readonly request: CheckRequest;
  /** An instant of `performance.now()`. */
  readonly deadlineAt: number;
}

interface CheckReply {
  readonly result: CheckResult;
  readonly response: TextResponse;
}

const unavailable: CheckOutcome = { result: 'denied', denial: 'store-unavailable', detail: null };

/** A check route as the server mounts it: rate limit and guard around what the protocol's adapter translates. */
export function createCheckRoute(protocol: Protocol, route: CheckRoute, context: CheckRouteContext): Route {
  const { rateLimit, guard } = context;
  const bucket = route.rateLimitBucket ?? protocol;
  const limit = context.limits[protocol];
  const readClient = createRouteClientReader(context);

  /** The way of a check from its first step to its last; null: the client went away before its request was complete. */
  async function answer(incoming: IncomingMessage, path: RawPath, arrivedAt: number): Promise<CheckReply | null> {
    const wasComplete = incoming.complete;
    const client = readClient(incoming);
    let excess = route.malformedBeforeRateLimit ? null : countRequest(client);
    if (excess?.isFar) return reject('rate-limited', excess.waitMs, client.ip);
    const body = await readBody(incoming, context.bodyTimeoutMs);
    if (body.type === 'aborted') return null;
    const deadlineAt = (wasComplete ? arrivedAt : performance.now()) + context.deadlineMs;
    const check = { client, request: parse(incoming, path, body, client), deadlineAt };
    if (route.malformedBeforeRateLimit) {
      const early = await answerMalformed(check);
      if (early) return early;
      excess = countRequest(client);
    }
    if (excess || client.guardedForMs > 0) return answerIfKnown(check, excess);
    return render(await ask(check, { type: 'full' }), check);
  }

  /** null: within the rate limit. Of guarded clients only those that pass are counted (`answerIfKnown`). */
  function countRequest({ ip, share, guardedForMs }: RouteClient): Excess | null {
    return guardedForMs > 0 ? rateLimit.peek(bucket, ip, limit * share) : rateLimit.take(bucket, ip, limit * share);
  }

  function parse(incoming: IncomingMessage, { params, query }: RawPath, body: Body, client: RouteClient): CheckRequest {
    const { method = '', headers } = incoming;
    const { ip: observedIp, country } = client;
    return withStoredForms(route.parse({ method, params, query, headers, body, observedIp, country }));
  }

  /**
   * The answer to what this protocol denies as malformed before it counts for the rate limit; null: it is not malformed.
   * The screening rule's denial reveals that no license has the key. It therefore counts as an unknown key towards the
   * guard, and is given only while the guard is on and has not yet blocked the address.
   */
  async function answerMalformed(check: ParsedCheck): Promise<CheckReply | null> {
    const { client, request } = check;
    if (request.malformed !== null) return render(await ask(check, { type: 'full' }), check);
    const { screening } = route;
    if (!guard.isOn || client.guardedForMs > 0 || !screening?.suspects(request)) return null;
    const outcome = await ask(check, { type: 'screening', rule: screening.rule });
    if (outcome.result === 'screened') return null;
    const isMalformed = outcome.result === 'denied' && outcome.denial === 'malformed';
    if (isMalformed) guard.countUnknown(client.ip, unknownKey(request.key), client.share);
    return render(outcome, check);
  }

  /**
   * The answer to a client that is guarded or over the rate limit. From a guarded address bound machines pass, and from
   * both licenses that were granted to it of late: its customers must not suffer for others who share it.
   */
  async function answerIfKnown(check: ParsedCheck, excess: Excess | null): Promise<CheckReply> {
    const { client, request } = check;
    const { ip, share, guardedForMs } = client;
    const rejection = () => (excess ? reject('rate-limited', excess.waitMs, ip) : reject('guarded', guardedForMs, ip));
    if (excess?.isFar || request.key === null || request.malformed !== null) return rejection();
    const isKnown: IsKnown = (licenseId, isBound) => (!excess && isBound()) || guard.wasGranted(ip, licenseId);
    const outcome = await ask(check, { type: 'if-known', isKnown });
    // Such a client must not learn which guilds exist.
    if (outcome.result === 'not-known' || outcome.result === 'unknown-guild') return rejection();
    if (guardedForMs > 0) rateLimit.take(bucket, ip, limit * share);
    return render(outcome, check);
  }

  function ask({ request, deadlineAt }: ParsedCheck, mode: CheckMode): Promise<CheckOutcome> {
    if (performance.now() >= deadlineAt) return Promise.resolve(unavailable);
    return withinDeadline(context.checkLicense(route.definition, request, mode), deadlineAt, () => unavailable);
  }

  function render(outcome: CheckOutcome, check: ParsedCheck): CheckReply | Promise<CheckReply> {
    const { client, request } = check;
    reportToGuard(outcome, check);
    switch (outcome.result) {
      case 'granted': {
        const response = route.renderGrant(outcome, request);
        return response instanceof Promise ? replyInTime(response, check) : { result: 'granted', response };
      }
      case 'denied':
        return { result: outcome.denial, response: route.renderDenial(outcome.denial, outcome.detail, request) };
      case 'unknown-guild':
        context.rejectedRequests.add('unknown-guild', protocol, client.ip);
        return { result: outcome.reason, response: asRejection(route.renderDenial(outcome.reason, null, request)) };
      case 'not-known':
      case 'screened':
        throw new Error('Nothing was decided, so there is nothing to render.');
    }
  }

  async function replyInTime(response: Promise<TextResponse>, { request, deadlineAt }: ParsedCheck) {
    const late = () => route.renderDenial('store-unavailable', null, request);
    return { result: 'granted' as const, response: await withinDeadline(response, deadlineAt, late) };
  }

  function reportToGuard(outcome: CheckOutcome, { client: { ip, share }, request }: ParsedCheck): void {
    if (outcome.result === 'granted') guard.rememberGrant(ip, outcome.license.id);
    else for (const value of unknownValues(outcome, request)) guard.countUnknown(ip, value, share);
  }

  function reject(kind: 'guarded' | 'rate-limited', waitMs: number, ip: string): CheckReply {
    context.rejectedRequests.add(kind, protocol, ip);
    return {
      result: kind,
      response: asRejection(withRetryAfter(route.renderDenial('rate-limited', null, null), waitMs)),
    };
  }

  return {
    path: route.path,
    auth: route.auth,
    methods: route.methods,
    ...originHeaders(route),
    handle: async (incoming, path, arrivedAt) => {
      const reply = await answer(incoming, path, arrivedAt);
      if (reply) context.onAnswer(protocol, reply.result, performance.now() - arrivedAt);
      return reply?.response ?? null;
    },
    // Rendered for each request: some answers contain the time, or the public URL, which is known once the server listens.
    get wrongMethod() {
      return renderWrongMethod(route);
    },
    get failed() {
      return route.renderDenial('store-unavailable', null, null);
    },
  };
}

function renderWrongMethod(route: CheckRoute): TextResponse {
  const malformed = route.renderDenial('malformed', null, null);
  return { ...malformed, status: 405, body: route.wrongMethodBody ?? malformed.body };
}
