import type { BindingKind, ForgetAfter, Limits, InheritableForgetAfter, InheritableLimits } from './limits.ts';
import type { Settings } from './settings.ts';

/** What counts for a license: its own limit, else its product's, else its guild's. */
export function effectiveLimits(
  license: { readonly limits: InheritableLimits },
  product: { readonly limits: InheritableLimits },
  settings: Settings,
): Limits {
  const limit = (kind: BindingKind) => {
    const own = license.limits[kind] === 'inherit' ? product.limits[kind] : license.limits[kind];
    return own === 'inherit' ? settings[`limits.${kind}`] : own;
  };
  return { ip: limit('ip'), hwid: limit('hwid'), mac: limit('mac') };
}

/** After how many minutes a license's bindings time out: its own, else its guild's. */
export function effectiveForgetAfter(
  license: { readonly forgetAfter: Readonly<Record<BindingKind, InheritableForgetAfter>> },
  settings: Settings,
): Readonly<Record<BindingKind, ForgetAfter>> {
  const minutes = (kind: BindingKind) => {
    const own = license.forgetAfter[kind];
    return own === 'inherit' ? settings[`forgetAfter.${kind}`] : own;
  };
  return { ip: minutes('ip'), hwid: minutes('hwid'), mac: minutes('mac') };
}
