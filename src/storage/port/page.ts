/** One page of a list that is ordered from the newest to the oldest. */
export interface Page {
  /** How many items the page has at most. */
  readonly limit: number;
  /** The page begins after the item with this id: the last one of the page before. null: it is the first page. */
  readonly beforeId: number | null;
}
