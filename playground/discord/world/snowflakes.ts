const discordEpochMs = 1_420_070_400_000;
/** Ids of Discord have 17 to 19 digits; a clock before 2016 would give fewer. */
const earliestMs = Date.UTC(2016, 0, 1);

/** Makes ids that grow strictly, with the time they were made in their upper bits, as Discord's do. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const fromClock = BigInt(Math.max(now(), earliestMs) - discordEpochMs) << 22n;
    last = fromClock > last ? fromClock : last + 1n;
    return last.toString();
  };
}
