import { tearDown } from './global-setup.ts';

/** After all test files. */
export default tearDown;
