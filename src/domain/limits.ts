export const bindingKinds = ['ip', 'hwid', 'mac'] as const;
export type BindingKind = (typeof bindingKinds)[number];

/** 0 to 1,000, or null for unlimited. 0 lets nobody in, not even what is bound. */
export type Limit = number | null;
/** A product's or license's own limit; `inherit` takes the next one up. */
export type OwnLimit = Limit | 'inherit';

export type Limits = Readonly<Record<BindingKind, Limit>>;
export type OwnLimits = Readonly<Record<BindingKind, OwnLimit>>;

/** Minutes after which an unseen binding no longer counts, or null for never. */
export type ForgetAfter = number | null;
export type OwnForgetAfter = ForgetAfter | 'inherit';

export const inheritedLimits: OwnLimits = { ip: 'inherit', hwid: 'inherit', mac: 'inherit' };

export const maxLimit = 1000;
