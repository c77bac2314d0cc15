import { stopMongod } from './mongod-setup.ts';

/** Runs after all test files. */
export default stopMongod;
