import type { Protocol } from '../domain/attempt.ts';
import { quoteText } from './literals.ts';
import type { LanguageName } from './offers.ts';

export interface Sample {
  readonly code: string;
  /** The lines that people look at first: addresses, ids, and what is to be filled in. */
  readonly excerpt: string;
}

const directive = /^\s*(?:\/\/|#|--)#?(if|end-excerpt|excerpt|end)((?: [a-z]+)*)$/;
const placeholder = /\{\{(\w+)\}\}/g;

/**
 * Renders a template for one system. Lines from `#if <system>…` to `#end` are for these systems only, `{{name}}` is
 * replaced by a value as a literal of the language, and lines from `#excerpt` to `#end-excerpt` are the excerpt.
 */
export function renderSample(
  template: string,
  system: Protocol,
  language: LanguageName,
  values: Readonly<Record<string, string | number>>,
): Sample {
  const code: string[] = [];
  const excerpt: string[] = [];
  let isIncluded = true;
  let isExcerpt = false;
  for (const line of template.split('\n')) {
    const [, word, names = ''] = directive.exec(line) ?? [];
    if (word === 'if') isIncluded = names.trim().split(' ').includes(system);
    else if (word === 'end') isIncluded = true;
    else if (word !== undefined) isExcerpt = word === 'excerpt';
    else if (isIncluded) {
      const filled = line.replace(placeholder, (_, name: string) => literal(values[name], name, language));
      code.push(filled);
      if (isExcerpt) excerpt.push(filled.trim());
    }
  }
  return { code: code.join('\n'), excerpt: excerpt.join('\n') };
}

function literal(value: string | number | undefined, name: string, language: LanguageName): string {
  if (value === undefined) throw new Error(`A template names the value ${name}, which does not exist.`);
  return typeof value === 'number' ? String(value) : quoteText(value, language);
}
