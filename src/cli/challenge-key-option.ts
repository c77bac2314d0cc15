import { InvalidArgumentError } from 'commander';
import { protocols } from '../domain/attempt.ts';
import { type SigningSystem, signingSystems } from '../domain/guild.ts';
import { explainFileError } from '../files/file-errors.ts';
import { NoTextError, readText } from '../files/read-text.ts';
import type { CliOption } from './framework/command.ts';
import { CommandFailedError } from './framework/errors.ts';

/** The files of `--challenge-key`, by system; `common` is for systems without one of their own. */
type KeyFiles = Readonly<Partial<Record<SigningSystem | 'common', string>>>;

const forms = `FILE, or ${signingSystems.map((system) => `${system}:FILE`).join(' or ')}`;

export const challengeKeyOption: CliOption = {
  flags: '--challenge-key <file>',
  description: `keep your RSA private key (PEM) instead of a generated one: ${forms} for that system's clients alone; may be repeated`,
  parse: (text, previous) => readOption(text, previous ?? {}),
};

function readOption(text: string, files: KeyFiles): KeyFiles {
  const [, system, rest] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  const signing = signingSystems.find((name) => name === system);
  if (!signing && protocols.some((name) => name === system)) {
    throw new InvalidArgumentError(`${system} has no challenges. Write ${forms}.`);
  }
  const name = signing ?? 'common';
  if (name in files) throw new InvalidArgumentError(`It is given twice for ${signing ?? 'all systems'}.`);
  return { ...files, [name]: signing ? rest : text };
}

/** The keys in these files, as the service takes them. A file that cannot be read ends the command. */
export function readChallengeKeys(option: unknown) {
  const { common, ...own } = (option ?? {}) as KeyFiles;
  const systemKeys = Object.fromEntries(Object.entries(own).map(([system, file]) => [system, readKeyFile(file)]));
  return { challengeKey: common === undefined ? undefined : readKeyFile(common), systemKeys };
}

function readKeyFile(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw new CommandFailedError('file-unreadable', describeUnreadable(error, file), { cause: error });
  }
}

function describeUnreadable(error: unknown, file: string): string {
  if (error instanceof NoTextError) return `${error.message}, so it is no PEM.`;
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return explainFileError(error, file, 'read') ?? `${file} cannot be read (${code}).`;
}
