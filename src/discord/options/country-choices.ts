import { alpha3, countryCodes, countryName } from '../../domain/values/countries.ts';
import type { Choice } from '../framework/command-context.ts';

/** Countries by name or code. */
export function countryChoices(typed: string): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  const exact = alpha3(wanted);
  return countryCodes
    .map((code) => ({ name: `${countryName(code)} (${code})`, value: code }))
    .filter(({ name, value }) => value === exact || name.toLowerCase().includes(wanted))
    .sort((a, b) => Number(b.value === exact) - Number(a.value === exact) || a.name.localeCompare(b.name));
}
