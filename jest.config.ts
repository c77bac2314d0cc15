import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Generous, since it only ends what hangs: a busy machine is many times slower.
  testTimeout: 60_000,
  // One more than a small machine has cores: tests that wait for processes and timers leave theirs idle. More are no quicker,
  // and modules of finished tests stay in a worker's memory.
  maxWorkers: 3,
  workerIdleMemoryLimit: '1GB',
  coverageProvider: 'babel',
};

export default config;
