import { InvalidArgumentError } from 'commander';
import type { FeatureChange } from '../domain/values/features.ts';
import type { MetadataChange } from '../domain/values/metadata.ts';
import type { CliCall, CliOption } from './framework/command.ts';
import { repeated } from './framework/option-parsers.ts';

type Pair = readonly [key: string, value: string];

function parsePair(text: string): Pair {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('Write KEY=VALUE.');
  return [key, value];
}

/** Metadata of a new record. */
export const metadataOptions: readonly CliOption[] = [
  repeated('--meta <key=value>', 'metadata, for staff and panels', parsePair),
  repeated('--returned-meta <key=value>', 'metadata that programs get as well (Lukittu)', parsePair),
];
export const removeMetadataOption = repeated('--remove-meta <key>', 'take metadata away');

/** Features and metadata of a new license or product. */
export const dataOptions: readonly CliOption[] = [
  repeated('--feature <code>', 'what a program may switch on, such as pro'),
  ...metadataOptions,
];

/** Features and metadata of one that is changed. */
export const changedDataOptions: readonly CliOption[] = [
  ...dataOptions,
  repeated('--remove-feature <code>', 'take a feature away'),
  removeMetadataOption,
];

/** The features and metadata that were given. */
export function readDataOptions(call: CliCall): {
  readonly features: FeatureChange;
  readonly metadata: MetadataChange;
} {
  const list = (option: string) => (call.parsed(option) ?? []) as readonly string[];
  const pairs = (option: string, returned: boolean) =>
    ((call.parsed(option) ?? []) as readonly Pair[]).map(([key, value]) => ({ key, value, returned }));
  return {
    features: { add: list('feature'), remove: list('removeFeature') },
    metadata: {
      set: [...pairs('meta', false), ...pairs('returnedMeta', true)],
      remove: list('removeMeta'),
    },
  };
}
