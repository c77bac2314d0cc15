import { actorText } from '../domain/actor.ts';
import { type ApiKey, type Scope, isValid, scopes } from '../domain/api-key.ts';
import { parseExpiry } from '../domain/expiry.ts';
import { readName } from '../domain/values/read-fields.ts';
import { normaliseKey } from '../domain/values/key-format.ts';
import { randomText } from '../domain/values/random-text.ts';
import type { CommandError } from '../domain/command-error.ts';
import type { Warning } from '../domain/warning.ts';
import { type Result, fail, succeed } from '../domain/values/result.ts';
import { type By, type ByKeyReader, mayReveal, type ServiceContext } from './context.ts';
import { combineResults } from './read-input.ts';
import { auditEvent } from './trail.ts';

interface CreateApiKeyInput extends ByKeyReader {
  readonly name: string;
  /** Left out: `auth`. */
  readonly scopes?: readonly string[] | undefined;
  /** A supplied secret of 1 to 255 printable characters; left out: a new one. */
  readonly secret?: string | undefined;
  /** A date or `90d`; left out: never. */
  readonly expires?: string | undefined;
}

export interface ApiKeyCreated {
  readonly apiKey: ApiKey;
  /** The secret in clear. It cannot be read again. */
  readonly secret: string;
  readonly warnings: readonly Warning[];
}

export interface ApiKeyService {
  /**
   * Creates an API key. Fails with scope-unknown, api-key-invalid, api-key-taken, invalid-expiry or guild-not-found, and
   * with reveal-required where the API key would show license keys to an actor who may not see them.
   */
  create(input: CreateApiKeyInput): Promise<Result<ApiKeyCreated, CommandError>>;
  /** All API keys of a guild, also revoked and expired ones. */
  list(guildId: string): Promise<readonly ApiKey[]>;
  /**
   * The API key with this secret; null: there is none, or it is revoked or expired. The store finds it by keyed hash, so
   * that the time of the look-up reveals nothing about secrets.
   */
  identify(secret: string): Promise<ApiKey | null>;
  /** Fails with api-key-not-found. */
  revoke(input: By & { readonly id: number }): Promise<Result<ApiKey, CommandError>>;
}

/** Letters and digits alone, which every program, shell and message shows and copies as they are. */
const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** So many of them hold 256 random bits. */
const secretLength = 43;
/** Supplied secrets that are shorter can be guessed. */
const safeLength = 20;

export function createApiKeyService({ storage, clock, randomBytes }: ServiceContext): ApiKeyService {
  async function create(input: CreateApiKeyInput): Promise<Result<ApiKeyCreated, CommandError>> {
    if (!(await storage.bundle(input.guildId))) return fail({ code: 'guild-not-found', guildId: input.guildId });
    const read = combineResults({
      name: readName('apiKeyName', input.name),
      scopes: readScopes(input.scopes ?? ['auth']),
      expiresAt: readEnd(input.expires, clock()),
      secret: input.secret === undefined ? succeed(newSecret()) : readSecret(input.secret),
    });
    if (!read.ok) return read;
    const showsKeys = read.value.scopes.some((scope) => scope !== 'auth');
    if (showsKeys && !mayReveal(input)) return fail({ code: 'reveal-required' });
    const apiKey = { ...read.value, createdBy: actorText(input.actor) };
    const { name, scopes: granted, expiresAt, secret } = apiKey;
    const made = await storage.createApiKey(input.guildId, apiKey, ({ id }) => ({
      audit: [auditEvent(input, 'api-key.created', `api-key:${id}`, { name, scopes: granted, expiresAt })],
      effects: [],
    }));
    if ('taken' in made) return fail({ code: 'api-key-taken' });
    const isGuessable = input.secret !== undefined && secret.length < safeLength;
    return succeed({
      apiKey: made.apiKey,
      secret,
      warnings: isGuessable ? [{ code: 'guessable-secret', safeLength }] : [],
    });
  }

  const newSecret = () => `lk${randomText(base62, secretLength, randomBytes)}`;

  const revoke: ApiKeyService['revoke'] = async (input) => {
    const audit = [auditEvent(input, 'api-key.revoked', `api-key:${input.id}`)];
    const revoked = await storage.revokeApiKey(input.guildId, input.id, { audit, effects: [] });
    return revoked ? succeed(revoked) : fail({ code: 'api-key-not-found' });
  };

  const identify: ApiKeyService['identify'] = async (secret) => {
    const apiKey = await storage.apiKeyBySecret(secret);
    return apiKey && isValid(apiKey, clock()) ? apiKey : null;
  };

  return { create, revoke, identify, list: (guildId) => storage.apiKeys(guildId) };
}

function readScopes(names: readonly string[]): Result<readonly Scope[], CommandError> {
  const known = scopes.filter((scope) => names.some((name) => name.trim() === scope));
  const unknown = names.find((name) => !scopes.some((scope) => scope === name.trim()));
  if (unknown !== undefined || known.length === 0) {
    return fail({ code: 'scope-unknown', scope: (unknown ?? '').trim(), allowed: scopes });
  }
  return succeed(known);
}

function readEnd(text: string | undefined, now: Date): Result<Date | null, CommandError> {
  const ending = parseExpiry(text ?? 'never', now);
  if (!ending.ok) return fail({ code: 'invalid-expiry', problem: ending.error });
  const { expiry, expiresAt } = ending.value;
  const isOpen = expiry.type === 'duration' && expiresAt === null;
  const problem = { code: 'api-key-from-activation' } as const;
  return isOpen ? fail({ code: 'invalid-expiry', problem }) : succeed(expiresAt);
}

function readSecret(text: string): Result<string, CommandError> {
  return normaliseKey(text) === text ? succeed(text) : fail({ code: 'api-key-invalid' });
}
