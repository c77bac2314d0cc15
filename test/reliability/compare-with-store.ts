import { latchkey, type Installation } from './program.ts';

export interface Comparison {
  readonly stored: number;
  /** The number of answers that the store does not have, or has with another result. */
  readonly missing: number;
  /** The number of licenses with more bound machines than their limit allows. */
  readonly overIssued: number;
}

/** Compares the answers that clients received, by user agent, with the attempts in the store. */
export async function compareWithStore(
  installation: Installation,
  answered: ReadonlyMap<string, string>,
  licenses: readonly { readonly id: number }[],
  hwidLimit: number,
): Promise<Comparison> {
  const { attempts } = await latchkey<{ attempts: { userAgent: string; result: string }[] }>(
    installation,
    ...['attempts', '--since', '1d', '--limit', '1000000'],
  );
  const stored = new Map(attempts.map((attempt) => [attempt.userAgent, attempt.result]));
  const missing = [...answered].filter(([name, result]) => stored.get(name) !== result).length;
  let overIssued = 0;
  for (const { id } of licenses) {
    const { license } = await latchkey<{ license: { bindingCounts: { hwid: number } } }>(
      installation,
      ...['license', 'show', String(id)],
    );
    if (license.bindingCounts.hwid > hwidLimit) overIssued += 1;
  }
  return { stored: stored.size, missing, overIssued };
}
