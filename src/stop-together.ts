/**
 * Stops all parts at the same time, so that their grace periods do not add up, and waits at most `graceMs` for all of
 * them. If a part could not be stopped, rejects with the error of the first such part, after the others have ended.
 */
export async function stopTogether(parts: readonly (() => Promise<void>)[], graceMs: number): Promise<void> {
  const grace = Promise.withResolvers<null>();
  const timer = setTimeout(grace.resolve, graceMs, null);
  try {
    const ends = await Promise.race([Promise.allSettled(parts.map((stop) => stop())), grace.promise]);
    const failed = ends?.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    clearTimeout(timer);
  }
}
