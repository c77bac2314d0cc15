/** A function that has no text of its own: it reads, finds or formats what others wrote, or joins texts of others. */
export const noText = Symbol('no text');

type AnyFunction = (...args: never[]) => unknown;
type FunctionNames<M, Prefix extends string> = {
  [K in keyof M & `${Prefix}${string}`]: M[K] extends AnyFunction ? K : never;
}[keyof M & `${Prefix}${string}`];

/** For each text function of a module, calls of it with no, one and several of what it counts. */
type Samples<M, Prefix extends string> = {
  readonly [K in FunctionNames<M, Prefix>]: typeof noText | ((text: M[K]) => unknown);
};

export interface Walked {
  /** The path of the module, from the root of the repository. */
  readonly file: string;
  /** The names of the functions that have samples. */
  readonly names: readonly string[];
  /** What the functions made of the samples, by their names. */
  readonly results: readonly (readonly [name: string, result: unknown])[];
}

/** The samples of one module. A text function without samples does not compile. */
export function walk<M extends object, const Prefix extends string = ''>(
  file: string,
  module: M,
  samples: Samples<M, Prefix>,
  _prefix?: Prefix,
): Walked {
  const given = Object.entries(samples) as [string, typeof noText | ((text: unknown) => unknown)][];
  return {
    file,
    names: given.map(([name]) => name),
    results: given.flatMap(([name, sample]) =>
      typeof sample === 'symbol' ? [] : [[name, sample(module[name as keyof M])] as const],
    ),
  };
}
