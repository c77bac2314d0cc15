import type { BindingKind, ForgetAfter, Limits, InheritableForgetAfter, InheritableLimits } from './limits.ts';
import type { Settings } from './settings/settings.ts';

/** The limits that checks of a license use: its own, else its product's, else its guild's. */
export function effectiveLimits(
  license: { readonly limits: InheritableLimits },
  product: { readonly limits: InheritableLimits },
  settings: Settings,
): Limits {
  const limit = (kind: BindingKind) => {
    const set = license.limits[kind] === 'inherit' ? product.limits[kind] : license.limits[kind];
    return set === 'inherit' ? settings[`limits.${kind}`] : set;
  };
  return { ip: limit('ip'), hwid: limit('hwid'), mac: limit('mac') };
}

/** After how many minutes a license's bindings time out: the license's own times, else its guild's. */
export function effectiveForgetAfter(
  license: { readonly forgetAfter: Readonly<Record<BindingKind, InheritableForgetAfter>> },
  settings: Settings,
): Readonly<Record<BindingKind, ForgetAfter>> {
  const minutes = (kind: BindingKind) => {
    const set = license.forgetAfter[kind];
    return set === 'inherit' ? settings[`forgetAfter.${kind}`] : set;
  };
  return { ip: minutes('ip'), hwid: minutes('hwid'), mac: minutes('mac') };
}
