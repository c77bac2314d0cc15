import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port, which the parent process is sent, and ends with the parent process. */
export function serveBaseline(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
  // The parent process closes the channel when it ends.
  process.once('disconnect', () => process.exit(0));
}
