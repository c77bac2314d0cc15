export type Globals = Readonly<Record<string, object>>;

/** Those of the test file that runs. */
let current: Globals = {};

export function setGlobals(globals: Globals): void {
  current = globals;
}

/**
 * A function of the test file that runs, whichever that is when it is called: modules that several test files share import
 * it once.
 */
function ofCurrentFile(name: string): object {
  const find = (): object => current[name]!;
  return new Proxy(() => undefined, {
    apply: (_target, self, args) => Reflect.apply(find() as () => unknown, self, args) as unknown,
    get: (_target, property) => Reflect.get(find(), property) as unknown,
  });
}

/* What `import … from '@jest/globals'` imports: run-test-file.ts leads it here. */
export const afterAll = ofCurrentFile('afterAll');
export const afterEach = ofCurrentFile('afterEach');
export const beforeAll = ofCurrentFile('beforeAll');
export const beforeEach = ofCurrentFile('beforeEach');
export const describe = ofCurrentFile('describe');
export const expect = ofCurrentFile('expect');
export const test = ofCurrentFile('test');
