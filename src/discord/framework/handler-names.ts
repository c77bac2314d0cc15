/** The names of handlers whose buttons are also made outside of their own file. Buttons in old messages have them. */
export const handlerNames = {
  /** Shows what `/mylicenses` shows, in guilds and DMs. No state. */
  myLicenses: 'my-licenses',
  /** Explains how to use a key. No state. */
  guide: 'guide',
  /** Shows keys to their owner only. State: effect id. */
  pickUp: 'pick-up',
  /** Posts a pick-up into the channel. State: effect id. */
  postPickUp: 'post-pick-up',
  /** The menu under log messages; its values are made by `log/action-menu.ts`. */
  actionMenu: 'act-on',
  /** Offers `limits.ipMode` `follow-hwid`, and asks first. No state. */
  followHwid: 'follow-hwid',
} as const;
