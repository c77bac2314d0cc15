import type { ChildProcess } from 'node:child_process';

/** Resolves when a process has ended. It is killed where this process ends before it. */
export function childExit(child: ChildProcess): Promise<void> {
  const killWithThis = () => child.kill('SIGKILL');
  process.once('exit', killWithThis);
  return new Promise((resolve) => {
    child.once('exit', () => {
      process.off('exit', killWithThis);
      resolve();
    });
  });
}
