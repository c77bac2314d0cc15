import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { FloodName } from '../floods.ts';

/*
 * The process that floods the server of `floods.ts`. Its arguments are the flood's name, the server's port, and the bytes
 * of a check that is granted and of a request for a long list of licenses.
 */

const [name, port, check, list] = process.argv.slice(2) as [FloodName, string, string, string];

/** Opens a connection, and opens it again whenever the server closes it. */
function keepOpen(onOpen: (socket: Socket) => void): void {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('connect', () => {
    onOpen(socket);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    setImmediate(keepOpen, onOpen);
  });
}

function openMany(count: number, onOpen: (socket: Socket) => void): void {
  for (let index = 0; index < count; index += 1) keepOpen(onOpen);
}

/** Sends the first bytes, then one byte every second. */
const trickle = (head: string) => (socket: Socket) => {
  socket.write(head);
  const timer = setInterval(() => socket.write('x'), 1_000);
  socket.on('close', () => {
    clearInterval(timer);
  });
  socket.resume();
};

/** Writes requests as fast as the server takes them. `reads`: whether it reads the answers. */
const pour = (request: () => string, reads: boolean) => async (socket: Socket) => {
  if (reads) socket.resume();
  while (!socket.destroyed) {
    const batch = Array.from({ length: 100 }, request).join('');
    if (!socket.write(batch)) await Promise.race([onDrain(socket), wait(1_000)]);
  }
};
const onDrain = (socket: Socket) => new Promise((resolve) => socket.once('drain', resolve));

const line = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const byte = () => Math.floor(Math.random() * 256);
/** A check with a key that no license has, from an address of its own. */
const guess = () =>
  check
    .replace(/"licensekey":"[^"]*"/, `"licensekey":"${Math.random().toString(36).padEnd(29, 'x').slice(0, 29)}"`)
    .replace('\r\n', `\r\nX-Forwarded-For: 203.${[byte(), byte(), byte()].join('.')}\r\n`);

const floods: Readonly<Record<FloodName, () => void>> = {
  'slow heads': () => {
    openMany(500, trickle('GET /healthz HTTP/1.1\r\nX-Slow: '));
  },
  'slow bodies': () => {
    openMany(500, trickle('POST /api/license/auth HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n'));
  },
  'idle sockets': () => {
    openMany(5_000, () => undefined);
  },
  pipelining: () => {
    openMany(4, (socket) => void pour(() => check, false)(socket));
  },
  'unknown paths': () => {
    openMany(16, (socket) => void pour(() => line('/nothing'), true)(socket));
  },
  'over the rate limit': () => {
    openMany(16, (socket) => void pour(() => line('/license/abcde/KEY/verify'), true)(socket));
  },
  'unknown keys': () => {
    openMany(8, (socket) => void pour(guess, true)(socket));
  },
  'ten long lists': () => {
    openMany(10, (socket) => {
      socket.resume();
      socket.write(list);
    });
  },
};

floods[name]();
process.send?.({ port: Number(port) });
