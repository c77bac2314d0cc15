import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const makeFolder = useTemporaryFolders();
const root = join(import.meta.dirname, '../..');

test('a server on the embedded store never loads the driver of the other one', async () => {
  const program = `
    import { createRequire } from 'node:module';
    import { parseConfig } from './config/schema.ts';
    import { startApp } from './src/app.ts';
    import { createLog } from './src/log/log.ts';
    const env = { LATCHKEY_DATA_DIR: ${JSON.stringify(makeFolder())}, LATCHKEY_HTTP_PORT: '0', LATCHKEY_OPS_PORT: '0' };
    const { config } = parseConfig({ env, file: undefined, root: '/' });
    const app = await startApp(config, createLog({ level: 'error', format: 'json' }));
    await app.stop();
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    const packages = ['express', 'mongoose', 'mongodb'];
    console.log(packages.filter((name) => loaded.some((file) => file.includes('/node_modules/' + name + '/'))).join());
  `;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout.trim()).toBe('express');
});
