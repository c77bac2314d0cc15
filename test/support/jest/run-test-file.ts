import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { setGlobals, type Globals } from './globals.ts';

/*
 * Jest's own loader evaluates every module again for every test file, in a context of its own whose globals are slow to
 * look up. That took half of the time of all tests: loading their files alone took 102 s of CPU, and takes 20 s here. So a
 * worker imports test files as Node does, and the modules that they import are evaluated once for all of its test files.
 */

interface Runtime {
  requireInternalModule(path: string): unknown;
  unstable_shouldLoadAsEsm(path: string): boolean;
  unstable_importModule(path: string): Promise<unknown>;
  setGlobalsForRuntime(globals: Globals): void;
}

interface GlobalConfig {
  readonly watch: boolean;
  readonly watchAll: boolean;
  readonly collectCoverage: boolean;
}

type TestRunner = (
  globalConfig: GlobalConfig,
  config: unknown,
  environment: unknown,
  runtime: Runtime,
  path: string,
  report: unknown,
) => Promise<unknown>;

const require = createRequire(import.meta.url);
const { default: runWithCircus } = require('jest-circus/runner') as { readonly default: TestRunner };

const globalsUrl = new URL('globals.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, resolveNext) =>
    specifier === '@jest/globals' ? { url: globalsUrl, shortCircuit: true } : resolveNext(specifier, context),
});

/** Under this key Jest keeps the handlers of a file's events, in a list that it would go on with in the next file. */
const handlers = Symbol.for('EVENT_HANDLERS');

/** Runs one test file with Jest's usual runner, but imports it as Node does. */
const runTestFile: TestRunner = (globalConfig, config, environment, runtime, path, report) => {
  if (globalConfig.watch || globalConfig.watchAll || globalConfig.collectCoverage) {
    throw new Error(
      'Jest does not load the modules here, so that it can neither watch them nor measure their coverage. ' +
        'Start the tests with “node --watch” or with NODE_V8_COVERAGE instead.',
    );
  }
  runtime.requireInternalModule = (internal) => {
    // A file begins with a runner that knows nothing of the file before it.
    Reflect.deleteProperty(globalThis, handlers);
    Reflect.deleteProperty(require.cache, internal);
    return require(internal);
  };
  runtime.unstable_shouldLoadAsEsm = () => true;
  runtime.unstable_importModule = (module) => import(pathToFileURL(module).href);
  runtime.setGlobalsForRuntime = setGlobals;
  return runWithCircus(globalConfig, config, environment, runtime, path, report);
};

export default runTestFile;
