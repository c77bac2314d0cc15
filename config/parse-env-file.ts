import { parseEnv } from 'node:util';
import type { Environment } from './collect-settings.ts';
import type { ConfigError } from './config-error.ts';

const variable = /^[^\S\n]*(?:export[^\S\n]+)?[A-Za-z_][\w.-]*[^\S\n]*=[^\S\n]*(["'`]?)/;
const nothing = /^[^\S\n]*(?:#.*)?$/;

/**
 * The variables of an environment file. A line that is none is an error with its number, because Node's parser would drop
 * it and perhaps all lines after it without a word. An error never quotes the line, which may hold a secret.
 */
export function parseEnvFile(
  name: string,
  text: string,
): { readonly env: Environment; readonly errors: ConfigError[] } {
  const lines = text.replaceAll(/\r\n?/g, '\n').split('\n');
  const errors: ConfigError[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const [start, quote] = variable.exec(line) ?? [];
    const report = (problem: string) => errors.push({ key: `${name}:${index + 1}`, value: null, problem });
    if (start === undefined) {
      if (!nothing.test(line)) report('must be KEY=value, such as DISCORD_TOKEN=your-token, or begin with #');
    } else if (quote) {
      // A quoted value may go on over several lines.
      const rest = [line.slice(start.length), ...lines.slice(index + 1)];
      const closing = rest.findIndex((part) => part.includes(quote));
      if (closing === -1) report(`opens a quote (${quote}) that is never closed`);
      else index += closing;
    }
  }
  return { env: parseEnv(lines.join('\n')), errors };
}
