import type { CheckRequest } from '../../src/domain/check-request.ts';
import type { GrantWrites, NewAttempt } from '../../src/domain/decision.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { aRequest } from './storage-fixtures.ts';

const nothing: GrantWrites = {
  take: [],
  refresh: [],
  observed: [],
  activation: null,
  points: null,
  replacements: null,
};

function attemptOf(request: CheckRequest, own: Partial<NewAttempt>): NewAttempt {
  return {
    protocol: request.protocol,
    result: 'granted',
    licenseId: null,
    productId: null,
    product: request.product,
    version: request.version,
    branch: request.branch,
    scope: request.scope,
    keySuffix: null,
    declaredIp: request.declaredIp,
    observedIp: request.observedIp,
    countedIp: request.declaredIp === null ? 'observed' : 'declared',
    hwid: request.hwid,
    mac: request.mac,
    country: request.country,
    userAgent: request.userAgent,
    info: request.info,
    newBindings: [],
    replaced: null,
    quiet: request.quiet,
    ...own,
  };
}

/** Records a granted check of the default license with these writes, without applying any rules. */
export async function grant(
  storage: Storage,
  request: Partial<CheckRequest>,
  writes: Partial<GrantWrites> = {},
  attempt: Partial<NewAttempt> = {},
): Promise<void> {
  await storage.decide(aRequest(request), ({ bundle, license, owner }) => {
    const product = license && bundle.products.byId(license.productId);
    if (!product) throw new Error('no such license');
    const { guild, settings } = bundle;
    return {
      recorded: true,
      outcome: {
        result: 'granted',
        guild,
        settings,
        license,
        product,
        mainProduct: product,
        products: [],
        owner: owner(),
        helpers: [],
      },
      attempt: attemptOf(aRequest(request), { licenseId: license.id, productId: product.id, ...attempt }),
      writes: { ...nothing, ...writes },
      blacklistHit: null,
    };
  });
}

/** Records a denied check with this attempt. */
export async function deny(
  storage: Storage,
  request: Partial<CheckRequest>,
  attempt: Partial<NewAttempt> = {},
  blacklistHit: number | null = null,
): Promise<void> {
  await storage.decide(aRequest(request), ({ license }) => ({
    recorded: true,
    outcome: { result: 'denied', denial: 'expired', detail: null },
    attempt: attemptOf(aRequest(request), { result: 'expired', licenseId: license?.id ?? null, ...attempt }),
    writes: null,
    blacklistHit,
  }));
}
