/** Handlers that other places than their command make buttons for. */
export const handlerNames = {
  /** Shows what `/mylicenses` shows; no state. In guilds and DMs. */
  myLicenses: 'my-licenses',
  /** How to use a key. State: nothing. */
  guide: 'guide',
  /** Shows keys to their owner only. State: effect id. */
  pickUp: 'pick-up',
  /** Posts a pick-up into the channel. State: effect id. */
  postPickUp: 'post-pick-up',
  /** The menu under log messages; its values are made by `log/act-on.ts`. */
  actionMenu: 'act-on',
} as const;
