import { fail, type Result, succeed } from './result.ts';

/** How many features a license or a product can have of its own. */
export const maxFeatures = 50;
export const maxFeatureLength = 50;

/** Programs compare features as they are written, and some name several in one text, between commas. */
const featureText = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;

export interface FeatureChange {
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

export type FeatureProblem =
  | { readonly code: 'not-a-feature' | 'no-such-feature'; readonly text: string }
  | { readonly code: 'too-many-features' };

/** The features after a change; one that is there already keeps its place. */
export function changeFeatures(
  current: readonly string[],
  { add = [], remove = [] }: FeatureChange,
): Result<readonly string[], FeatureProblem> {
  const features = new Set(current);
  for (const text of remove) {
    if (!features.delete(text.trim())) return fail({ code: 'no-such-feature', text });
  }
  for (const text of add) {
    const feature = text.trim();
    const isFeature = feature.length <= maxFeatureLength && featureText.test(feature);
    if (!isFeature) return fail({ code: 'not-a-feature', text });
    features.add(feature);
  }
  return features.size > maxFeatures ? fail({ code: 'too-many-features' }) : succeed([...features]);
}

interface WithFeatures {
  readonly features: readonly string[];
}

/** What a program may switch on: the features of the license and those of its main product, each once. */
export function effectiveFeatures(license: WithFeatures, product: WithFeatures): readonly string[] {
  if (license.features.length === 0) return product.features;
  return product.features.length === 0 ? license.features : [...new Set([...product.features, ...license.features])];
}

/**
 * Whether a license may be used for the scope that a request names. It may for its own scope and for each of its
 * features. Without a scope of its own it may where none is named, and, without features too, for every scope.
 */
export function allowsScope(
  license: WithFeatures & { readonly scope: string | null },
  product: WithFeatures,
  asked: string | null,
): boolean {
  const own = license.scope ?? '';
  if (own === (asked ?? '')) return true;
  const features = effectiveFeatures(license, product);
  if (asked !== null && features.includes(asked)) return true;
  return own === '' && features.length === 0;
}
