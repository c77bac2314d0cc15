import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testRunner: '<rootDir>/test/support/jest/run-test-file.ts',
  // Node strips types itself, in the tests as in the program.
  transform: {},
  injectGlobals: false,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Generous, since it only ends what hangs: a busy machine is many times slower.
  testTimeout: 60_000,
  // One more than a small machine has cores: tests that wait for processes and timers leave theirs idle. More are no quicker.
  maxWorkers: 3,
  workerIdleMemoryLimit: '1GB',
};

export default config;
