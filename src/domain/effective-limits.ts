import type { BindingKind, ForgetAfter, InheritableForgetAfter, InheritableLimits, Limit, Limits } from './limits.ts';
import type { Settings } from './settings/settings.ts';

interface WithLimits {
  readonly limits: InheritableLimits;
}

interface WithForgetAfter {
  readonly forgetAfter: Readonly<Record<BindingKind, InheritableForgetAfter>>;
}

const limitKeys = { ip: 'limits.ip', hwid: 'limits.hwid', mac: 'limits.mac' } as const;
const forgetAfterKeys = { ip: 'forgetAfter.ip', hwid: 'forgetAfter.hwid', mac: 'forgetAfter.mac' } as const;

/** The limit of one kind that checks of a license use: its own, else its product's, else its guild's. */
export function effectiveLimit(kind: BindingKind, license: WithLimits, product: WithLimits, settings: Settings): Limit {
  const set = license.limits[kind] === 'inherit' ? product.limits[kind] : license.limits[kind];
  return set === 'inherit' ? settings[limitKeys[kind]] : set;
}

/** The limits of all kinds: see `effectiveLimit`. */
export function effectiveLimits(license: WithLimits, product: WithLimits, settings: Settings): Limits {
  const limit = (kind: BindingKind) => effectiveLimit(kind, license, product, settings);
  return { ip: limit('ip'), hwid: limit('hwid'), mac: limit('mac') };
}

/** After how many minutes a license's bindings of one kind time out: the license's own time, else its guild's. */
export function effectiveForgetTime(kind: BindingKind, license: WithForgetAfter, settings: Settings): ForgetAfter {
  const set = license.forgetAfter[kind];
  return set === 'inherit' ? settings[forgetAfterKeys[kind]] : set;
}

/** The times of all kinds: see `effectiveForgetTime`. */
export function effectiveForgetAfter(
  license: WithForgetAfter,
  settings: Settings,
): Readonly<Record<BindingKind, ForgetAfter>> {
  const minutes = (kind: BindingKind) => effectiveForgetTime(kind, license, settings);
  return { ip: minutes('ip'), hwid: minutes('hwid'), mac: minutes('mac') };
}
