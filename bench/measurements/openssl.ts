import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How many RSA-2048 signatures OpenSSL makes a second on one core. */
export async function signaturesOfOneCore(seconds: number): Promise<number> {
  const args = ['speed', '-seconds', String(Math.ceil(seconds)), 'rsa2048'];
  const { stdout } = await promisify(execFile)('openssl', args);
  // The line has the seconds for one signature and for one verification, and then how many of each are made per second.
  const line = /^rsa\s*2048 bits\s+(.+)$/m.exec(stdout)?.[1] ?? '';
  return Number(
    line
      .trim()
      .split(/\s+/)
      .find((cell) => !cell.endsWith('s')),
  );
}
