import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];
const fences = /^ *```[\s\S]*?^ *```$/gm;

function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8').replaceAll(fences, '');
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function brokenLinks(page: string, text: string): readonly string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : normalize(join(dirname(page), file));
    if (!existsSync(join(root, target))) return true;
    if (anchor === undefined) return false;
    const headings = [...textOf(target).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
    return !headings.includes(anchor);
  });
}

test.each(pages)('every link of %s leads to a file and a heading that are there', (page) => {
  expect(brokenLinks(page, textOf(page))).toEqual([]);
});

test('a link that leads nowhere is reported', () => {
  const text = '[a](clients.md) [b](client.md) [c](clients.md#tki-auth) [d](clients.md#tki) [e](#not-here)';
  expect(brokenLinks('docs/protocols.md', text)).toEqual(['client.md', 'clients.md#tki', '#not-here']);
});
