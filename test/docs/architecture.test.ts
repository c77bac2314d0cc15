import { expect, test } from '@jest/globals';
import { layers } from '../../layers.ts';
import { readPage } from '../support/docs-commands.ts';

const [, picture = ''] = /^```text\n([\s\S]*?)^```$/m.exec(readPage('docs/architecture.md')) ?? [];
const rows = picture.split('\n').map((line) => {
  // A name is set off by at least two blanks; the first word of a line that begins at the margin is the row's title.
  const names = line.replace(/^\S+(?: \S+)*/, '').split(/ {2,}/);
  return names.map((name) => name.trim()).filter((name) => name in layers);
});

/** The row in which a layer stands, counted from the top; -1: in none. */
function rowOf(layer: string): number {
  return rows.findIndex((row) => row.includes(layer));
}

test('the picture of the layers has every layer once, and nothing else', () => {
  expect(rows.flat().toSorted()).toEqual(Object.keys(layers).toSorted());
});

test.each(Object.entries(layers))('in the picture, %s imports only layers below it', (layer, imported) => {
  const others = Object.keys(layers).filter((other) => !['index.js', 'src/main.ts', layer].includes(other));
  const upwards = (imported === '*' ? others : imported).filter((other) => rowOf(other) <= rowOf(layer));
  expect(upwards).toEqual([]);
});
