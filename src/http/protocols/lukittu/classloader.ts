import type { IncomingMessage } from 'node:http';
import { parseUuid } from '../../../domain/values/ids.ts';
import type { CheckRouteContext } from '../../check-route.ts';
import { createRouteClientReader, type RouteClientOptions } from '../../route-client.ts';
import { asRejection, type RawPath, type Route, type TextResponse, withRetryAfter } from '../../route.ts';
import { decodeSegment } from '../../routing.ts';
import { createEnvelope, words } from './render.ts';
import { downloadProblem } from './schema.ts';

export interface ClassloaderContext extends Pick<
  CheckRouteContext,
  keyof RouteClientOptions | 'guard' | 'rateLimit' | 'limits' | 'rejectedRequests'
> {
  readonly now: () => Date;
  /** Whether a guild has this team id. */
  readonly isTeam: (teamId: string) => Promise<boolean>;
}

/** What the vendor answers to teams whose plan has no downloads. */
const forbidden = [
  403,
  'FORBIDDEN',
  'Using classloader requires a higher plan. Either upgrade or contact support.',
] as const;

/**
 * Lukittu's downloads for class loaders. Latchkey stores no program files, so every team is one without that plan: the
 * loader gets an answer that it knows, and not a path that does not exist.
 */
export function createClassloader(context: ClassloaderContext): Route {
  const { guard, rateLimit, limits, rejectedRequests, isTeam } = context;
  const envelope = createEnvelope(context.now);
  const readClient = createRouteClientReader(context);

  async function answer(incoming: IncomingMessage, { params, query }: RawPath): Promise<TextResponse> {
    const teamId = parseUuid(decodeSegment(params.teamId ?? '') ?? '');
    const problem = teamId === null ? 'Invalid team UUID' : downloadProblem(new URLSearchParams(query));
    if (teamId === null || problem !== null) return envelope(null, [400, 'BAD_REQUEST', problem ?? '']);
    const { ip, share, guardedForMs } = readClient(incoming);
    const waitMs = guardedForMs || (rateLimit.take(bucket, ip, limits.lukittu * share)?.waitMs ?? 0);
    if (waitMs > 0) {
      rejectedRequests.add(guardedForMs > 0 ? 'guarded' : 'rate-limited', 'lukittu', ip);
      return asRejection(withRetryAfter(envelope(null, words['rate-limited']), waitMs));
    }
    if (await isTeam(teamId)) return envelope(null, forbidden);
    rejectedRequests.add('unknown-guild', 'lukittu', ip);
    guard.countUnknown(ip, `team ${teamId}`, share);
    return asRejection(envelope(null, words['team-unknown']));
  }

  return {
    path: '/api/v1/client/teams/:teamId/verification/classloader',
    auth: 'team-id',
    methods: ['GET', 'HEAD'],
    headers: {},
    handle: async (incoming, path) => (incoming.method === 'HEAD' ? head : answer(incoming, path)),
    wrongMethod: { status: 405, headers: {}, body: '' },
    get failed() {
      return envelope(null, words['store-unavailable']);
    },
  };
}

const bucket = 'lukittu classloader';
/** Loaders ask so whether the route is there. */
const head: TextResponse = { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body: '' };
