const discordEpochMs = 1_420_070_400_000;
/** Discord's ids have 17 to 19 digits. A clock before 2016 would make shorter ones. */
const earliestMs = Date.UTC(2016, 0, 1);

/** Creates ids that are strictly increasing and have the time of their creation in the upper bits, like Discord's. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const fromClock = BigInt(Math.max(now(), earliestMs) - discordEpochMs) << 22n;
    last = fromClock > last ? fromClock : last + 1n;
    return last.toString();
  };
}
