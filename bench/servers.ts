import { fork } from 'node:child_process';
import { join } from 'node:path';

/** A server that is measured. */
export interface MeasuredServer {
  readonly pid: number;
  readonly port: number;
  readonly tls: boolean;
  end(): Promise<void>;
}

const processes = join(import.meta.dirname, 'processes');
const tlsFolder = join(import.meta.dirname, '..', 'test', 'support', 'tls');
/** The certificate of the servers that serve HTTPS. */
export const certificate = {
  cert: join(tlsFolder, 'first.cert.pem'),
  key: join(tlsFolder, 'first.key.pem'),
} as const;

/** Starts a program of `processes/` that sends its port. It ends with this process. */
export async function startBaseline(file: string, args: readonly string[] = [], tls = false): Promise<MeasuredServer> {
  const child = fork(join(processes, file), args);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port: number }) => {
      resolve(message.port);
    });
    child.once('exit', () => {
      reject(new Error(`${file} ended before it listened.`));
    });
  });
  return {
    pid: child.pid ?? 0,
    port,
    tls,
    end: () => {
      child.kill();
      return exited;
    },
  };
}
