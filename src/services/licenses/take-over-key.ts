import { keySuffix } from '../../domain/values/key-format.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { EditInput, IssueInput } from './license-service.ts';
import { withNewKey } from './new-key.ts';

type Input = Pick<IssueInput | EditInput, 'guildId' | 'actor' | 'takesOverDeletedKey'>;

/**
 * Runs `attempt`, which gives a license this key. Where the key is that of a deleted license and the caller takes it over,
 * the deleted license gets a new key, which it keeps if it is restored, and `attempt` runs once more. Of several callers
 * with the same key at most one succeeds; the others fail with key-taken.
 */
export async function takeOverKey<T>(
  context: ServiceContext,
  input: Input,
  key: string,
  attempt: () => Promise<Result<T, CommandError>>,
): Promise<Result<T, CommandError>> {
  const first = await attempt();
  if (first.ok || first.error.code !== 'key-taken' || !input.takesOverDeletedKey) return first;
  const holder = await context.storage.license(input.guildId, { key });
  // The key is free again if its license was purged in between.
  if (holder && !(holder.deletedAt && (await releaseKey(context, input, holder.id)).ok)) return first;
  return attempt();
}

function releaseKey(context: ServiceContext, input: Input, licenseId: number): Promise<Result<object, CommandError>> {
  const { guildId } = input;
  return withNewKey(context, { guildId, licenseId }, (newKey) =>
    changeLicense(context.storage, { guildId, ref: { id: licenseId }, includeDeleted: true }, ({ license }) => {
      if (license.deletedAt === null) return fail({ code: 'license-not-deleted', licenseId });
      return succeed({
        next: { ...license, keySuffix: keySuffix(newKey) },
        newKey,
        audit: [auditEvent(input, 'license.rekeyed', `license:${licenseId}`)],
        effects: [],
        extra: {},
      });
    }),
  );
}
