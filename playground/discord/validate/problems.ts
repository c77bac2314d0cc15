import { DiscordError } from '../rest/errors.ts';

export type Path = readonly (string | number)[];

interface Tree {
  _errors?: { code: string; message: string }[];
  [key: string]: unknown;
}

/** Collects the problems of a body, and throws them together as Discord's error 50035 with its nested `errors`. */
export class Problems {
  readonly #tree: Tree = {};
  #count = 0;

  add(path: Path, code: string, message: string): void {
    this.#count += 1;
    let at = this.#tree;
    for (const key of path) at = (at[key] ??= {}) as Tree;
    (at._errors ??= []).push({ code, message });
  }

  throwIfAny(): void {
    if (this.#count > 0) throw this.toError();
  }

  toError(): DiscordError {
    return new DiscordError(400, 50035, 'Invalid Form Body', this.#tree);
  }
}

/** The error 50035 for a single problem, to be thrown. */
export function invalid(path: Path, code: string, message: string): DiscordError {
  const problems = new Problems();
  problems.add(path, code, message);
  return problems.toError();
}
