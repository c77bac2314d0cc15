import { latchkey, type Place } from './program.ts';

export interface Verdict {
  readonly stored: number;
  /** Answers that the store does not have, or has otherwise. */
  readonly missing: number;
  /** Licenses that more machines are bound to than their limit is. */
  readonly overIssued: number;
}

/** Compares what clients were answered, by user agent, with what is stored. */
export async function judge(
  place: Place,
  answered: ReadonlyMap<string, string>,
  licenses: readonly { readonly id: number }[],
  hwidLimit: number,
): Promise<Verdict> {
  const { attempts } = await latchkey<{ attempts: { userAgent: string; result: string }[] }>(
    place,
    ...['attempts', '--since', '1d', '--limit', '1000000'],
  );
  const stored = new Map(attempts.map((attempt) => [attempt.userAgent, attempt.result]));
  const missing = [...answered].filter(([name, result]) => stored.get(name) !== result).length;
  let overIssued = 0;
  for (const { id } of licenses) {
    const { license } = await latchkey<{ license: { bindingCounts: { hwid: number } } }>(
      place,
      ...['license', 'show', String(id)],
    );
    if (license.bindingCounts.hwid > hwidLimit) overIssued += 1;
  }
  return { stored: stored.size, missing, overIssued };
}
