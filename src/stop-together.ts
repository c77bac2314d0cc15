/**
 * Stops all parts at once, so that the patience of one is not added to that of another, and waits for them no longer
 * than `graceMs`. Rejects, after the others, as the first part did that could not be stopped.
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
