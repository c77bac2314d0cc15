/** Why the clock cannot be believed. */
export interface ClockDoubt {
  /** `ahead`: the newest entry lies over 30 days in the past. `behind`: it lies over 5 minutes in the future. */
  readonly direction: 'ahead' | 'behind';
  readonly now: Date;
  /** The instant that the clock contradicts. */
  readonly entryAt: Date;
  /** The time as far as it can be believed: that of the clock, or where the clock seems ahead, the instant after `entryAt`. */
  readonly believed: Date;
}
