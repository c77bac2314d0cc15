import { stopMongod } from './mongod-setup.ts';

/** After all test files. */
export default stopMongod;
