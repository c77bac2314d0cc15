import type { Protocol } from '../domain/attempt.ts';
import { quoteText } from './literals.ts';
import type { LanguageName } from './offers.ts';

export interface Sample {
  readonly code: string;
  /** What stands at its top to be looked at: addresses, ids, and what is to be filled in. */
  readonly excerpt: string;
}

const directive = /^\s*(?:\/\/|#|--)#?(if|end-excerpt|excerpt|end)((?: [a-z]+)*)$/;
const placeholder = /\{\{(\w+)\}\}/g;

/**
 * A template's code for one system. `#if <system>…` to `#end` stand in the code of these systems only, `{{name}}` for a
 * value as a literal of the language, and `#excerpt` to `#end-excerpt` for what people are shown.
 */
export function renderSample(
  template: string,
  system: Protocol,
  language: LanguageName,
  values: Readonly<Record<string, string | number>>,
): Sample {
  const code: string[] = [];
  const excerpt: string[] = [];
  let isWanted = true;
  let isShown = false;
  for (const line of template.split('\n')) {
    const [, word, names = ''] = directive.exec(line) ?? [];
    if (word === 'if') isWanted = names.trim().split(' ').includes(system);
    else if (word === 'end') isWanted = true;
    else if (word !== undefined) isShown = word === 'excerpt';
    else if (isWanted) {
      const filled = line.replace(placeholder, (_, name: string) => literal(values[name], name, language));
      code.push(filled);
      if (isShown) excerpt.push(filled.trim());
    }
  }
  return { code: code.join('\n'), excerpt: excerpt.join('\n') };
}

function literal(value: string | number | undefined, name: string, language: LanguageName): string {
  if (value === undefined) throw new Error(`A template asks for ${name}, which there is not.`);
  return typeof value === 'number' ? String(value) : quoteText(value, language);
}
