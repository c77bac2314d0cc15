import { readFileSync } from 'node:fs';

export function readPage(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

const shellBlock = /^ *```sh\n([\s\S]*?)^ *```$/gm;
const inlineCommand = /`((?:npx )?latchkey [^`]+)`/g;
/** Matches an operator, or a word with parts that may be quoted. */
const shellToken = /(?:"[^"]*"|'[^']*'|[^\s"'|;&<>])+|[|;&<>]+/g;

/** The shell blocks of a page, as they stand. */
export function shellBlocks(page: string): readonly string[] {
  return [...page.matchAll(shellBlock)].map(([, block = '']) => block);
}

/** The arguments of every `latchkey …` in the shell blocks of a page, without quotes and with variables unexpanded. */
export function blockCommands(page: string): readonly (readonly string[])[] {
  return shellBlocks(page).flatMap(commandsIn);
}

/** The same for commands between backticks in the text. */
export function inlineCommands(page: string): readonly (readonly string[])[] {
  const sentences = page.replaceAll(shellBlock, '');
  return [...sentences.matchAll(inlineCommand)].flatMap(([, code = '']) => commandsIn(code));
}

function commandsIn(script: string): readonly (readonly string[])[] {
  const lines = script.replaceAll(/\\\n/g, ' ').split('\n');
  return lines.flatMap(simpleCommands).flatMap((words) => {
    const [name, ...args] = words[0] === 'npx' ? words.slice(1) : words;
    return name === 'latchkey' ? [args] : [];
  });
}

function simpleCommands(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const [token] of line.matchAll(shellToken)) {
    if (token.startsWith('#')) break;
    if (/^[|;&<>]/.test(token)) commands.push([]);
    else commands.at(-1)?.push(token.replaceAll(/["']/g, ''));
  }
  return commands;
}
