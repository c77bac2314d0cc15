import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /**
   * Accepts no more connections, lets every request that has begun be answered, and closes the connections that are left
   * after `graceMs`. Resolves when all connections are closed.
   */
  close(graceMs: number): Promise<void>;
  readonly isClosing: boolean;
}

/** How long `close` waits for the first byte of connections that have sent nothing, because it may be on its way. */
const firstByteMs = 100;

/**
 * Tracks the server's sockets. Node's own `close` closes idle connections, but waits for those that have not sent a byte
 * yet.
 */
export function trackConnections(server: Server): Connections {
  const sockets = new Set<Socket>();
  let isClosing = false;

  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };
  server.on('connection', track);
  // Over TLS, `connection` brings the TCP socket, and requests are read from the TLS socket of `secureConnection`.
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
        setTimeout(() => {
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
        }, firstByteMs);
      }),
    get isClosing() {
      return isClosing;
    },
  };
}
