import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /**
   * Takes no more connections, lets every request that has begun be answered, and ends what is left after `graceMs`.
   * Settles when all are gone.
   */
  close(graceMs: number): Promise<void>;
  readonly isClosing: boolean;
}

const silentMs = 100;

/** Knows the server's sockets, also those that have said nothing yet, which `close` of Node would wait for. */
export function trackConnections(server: Server): Connections {
  const sockets = new Set<Socket>();
  let isClosing = false;

  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };
  server.on('connection', track);
  // Over TLS the request's socket is another one than the connection's.
  server.on('secureConnection', track);

  return {
    close: (graceMs) =>
      new Promise((resolve) => {
        isClosing = true;
        const timer = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        // Time for what is on its way already.
        setTimeout(() => {
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
        }, silentMs);
      }),
    get isClosing() {
      return isClosing;
    },
  };
}
