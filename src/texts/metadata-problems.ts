import { type FeatureProblem, maxFeatureLength, maxFeatures } from '../domain/values/features.ts';
import {
  maxMetadataEntries,
  maxMetadataKeyLength,
  maxMetadataValueLength,
  type MetadataProblem,
} from '../domain/values/metadata.ts';
import type { TextFormat } from './text-format.ts';

/** What may stand for features. */
export function describeFeatureProblem(problem: FeatureProblem, quote: TextFormat['quote']): string {
  switch (problem.code) {
    case 'not-a-feature':
      return `“${quote(problem.text)}” is no feature: write up to ${maxFeatureLength} letters, digits, dots, colons, hyphens and underscores, such as pro or seats-10.`;
    case 'no-such-feature':
      return `There is no feature “${quote(problem.text)}” to take away.`;
    case 'too-many-features':
      return `At most ${maxFeatures} features are possible.`;
  }
}

/** What may stand for a pair of metadata. */
export function describeMetadataProblem(problem: MetadataProblem, quote: TextFormat['quote']): string {
  switch (problem.code) {
    case 'key-length':
      return `A key of metadata has 1 to ${maxMetadataKeyLength} characters.`;
    case 'value-too-long':
      return `The value of “${quote(problem.key)}” is too long: at most ${maxMetadataValueLength} characters are possible.`;
    case 'no-such-key':
      return `There is no metadata “${quote(problem.key)}” to take away.`;
    case 'too-many-entries':
      return `At most ${maxMetadataEntries} pairs of metadata are possible.`;
  }
}
