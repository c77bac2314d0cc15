/** `afterId` of the last row goes into the next call; newest first. */
export interface Page {
  readonly limit: number;
  readonly beforeId: number | null;
}
