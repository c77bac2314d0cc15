/** A line typed at the prompt, parsed. */
export type Line =
  | {
      readonly kind: 'command';
      readonly words: string;
      readonly options: Readonly<Record<string, string>>;
      readonly inDm: boolean;
    }
  | { readonly kind: 'click'; readonly label: string }
  | { readonly kind: 'pick'; readonly values: readonly string[] }
  | { readonly kind: 'fill'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'say'; readonly text: string; readonly inDm: boolean }
  | { readonly kind: 'as'; readonly user: string }
  | { readonly kind: 'look' | 'help' | 'quit' | 'nothing' };

const pair = /([^\s:=]+)[:=](?:"([^"]*)"|(\S+))/g;

function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(pair)].map(([, name = '', quoted, bare]) => [name, quoted ?? bare ?? '']),
  );
}

/** Parses lines like `/license issue product:"My app" user:@buyer`, `dm /mylicenses`, `click Undo`, `fill Key=AAAA`. */
export function parseLine(line: string): Line {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  const [verb = '', ...rest] = text.split(/\s+/);
  const argument = text.slice(verb.length).trim();
  if (text.startsWith('/')) return command(text, false);
  switch (verb) {
    case 'dm':
      return argument.startsWith('/') ? command(argument, true) : { kind: 'say', text: argument, inDm: true };
    case 'say':
      return { kind: 'say', text: argument, inDm: false };
    case 'click':
      return { kind: 'click', label: argument };
    case 'pick':
      return { kind: 'pick', values: rest };
    case 'fill':
      return { kind: 'fill', fields: pairsOf(argument) };
    case 'as':
      return { kind: 'as', user: argument };
    case 'look':
    case 'quit':
      return { kind: verb };
    default:
      return { kind: 'help' };
  }
}

function command(text: string, inDm: boolean): Line {
  const first = text.search(/\s[^\s:=]+[:=]/);
  const words = (first < 0 ? text : text.slice(0, first)).replace(/^\//, '').trim();
  return { kind: 'command', words, options: first < 0 ? {} : pairsOf(text.slice(first)), inDm };
}
