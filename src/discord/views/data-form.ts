import { type FeatureChange, maxFeatureLength } from '../../domain/values/features.ts';
import type { MetadataChange, MetadataEntry } from '../../domain/values/metadata.ts';
import { type TextField, textModal } from '../framework/components.ts';
import type { Modal } from '../framework/reply.ts';

const returnedMark = '*';

const fields: readonly TextField[] = [
  {
    id: 'add-features',
    label: 'Features to add',
    description: 'What a program may switch on; several with commas between them',
    placeholder: 'pro, seats-10',
    required: false,
    maxLength: 20 * maxFeatureLength,
  },
  { id: 'remove-features', label: 'Features to take away', required: false, maxLength: 20 * maxFeatureLength },
  {
    id: 'set-metadata',
    label: 'Metadata to add or change',
    description: `A line for each: key = value. Programs get those with ${returnedMark} before the key (Lukittu).`,
    placeholder: `tier = gold`,
    required: false,
    long: true,
  },
  {
    id: 'remove-metadata',
    label: 'Metadata to take away',
    description: 'A line for each key',
    required: false,
    long: true,
  },
];

/** A form for features and metadata. What stands there already is not in it, because Discord wants it at once. */
export function dataForm(customId: string): Modal {
  return textModal(customId, 'Features and metadata', fields);
}

/** What was typed into the form; a text is a line that is no pair. */
export function readDataForm(
  field: (id: string) => string,
): { readonly features: FeatureChange; readonly metadata: MetadataChange } | string {
  const list = (id: string, separator: RegExp) =>
    field(id)
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const lines = list('set-metadata', /\n/);
  const pairs = lines.map(readPair);
  const set = pairs.filter((pair) => pair !== null);
  if (set.length < pairs.length) return lines[pairs.indexOf(null)] ?? '';
  return {
    features: { add: list('add-features', /[,\s]/), remove: list('remove-features', /[,\s]/) },
    metadata: { set, remove: list('remove-metadata', /\n/) },
  };
}

function readPair(line: string): MetadataEntry | null {
  const [, mark, key, value] = /^(\*?)\s*([^=]+)=(.*)$/.exec(line) ?? [];
  return key === undefined || value === undefined ? null : { key, value, returned: mark === returnedMark };
}
