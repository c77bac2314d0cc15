import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';

export interface Connections {
  /**
   * Calls `answer` at once, or, while the connection has 16 unanswered requests, when one of those was answered. Until
   * then nothing more is read from it.
   */
  admit(request: IncomingMessage, response: ServerResponse, answer: () => void): void;
  /** The instant of `performance.now()` at which the head of a request arrived that is being answered for the first time. */
  readonly arrivedAt: (request: IncomingMessage) => number;
  /**
   * Counts an answer whose head is about to be written. Returns whether it has to announce the end of its connection:
   * while closing, with the last answer to what has arrived, and after 32 rejected requests in a row. Where more have
   * arrived, these are dropped, and the connection is left unread for a while before it is closed.
   */
  readonly countAnswer: (response: ServerResponse, isRejection: boolean) => boolean;
  /**
   * Answers whatever arrives for `lingerMs` more, the last time on each connection, then accepts no more connections and
   * waits for the requests that have begun. Closes the connections that are left after `graceMs`. Resolves when all are
   * closed.
   */
  close(lingerMs: number, graceMs: number): Promise<void>;
}

interface Connection {
  unanswered: number;
  /** What begins the answers to requests that arrived while 16 others were unanswered. */
  readonly waiting: (() => void)[];
  /** The response to the last request that `answer` was called for; HTTP sends it after all others. */
  newest: ServerResponse | null;
  rejectedInARow: number;
  /** The bytes that had been read when the last request was answered: further ones belong to a request on its way. */
  bytesWhenIdle: number;
  /** Further requests get no answer. */
  isEnding: boolean;
  /** It sent a flood, and is closed later. */
  isSilenced: boolean;
}

const maxUnanswered = 16;
/** So many rejections without another answer between them are a flood: a client that goes on has to connect again. */
const maxRejectedInARow = 32;
/**
 * What a flood sends first on a new connection, up to 64 kB, is parsed at one go. Its connections are therefore closed
 * one after the other, so that they do not come again all at once.
 */
const betweenClosesMs = 250;

/** Node's HTTP server stops reading with this event, which a stream that counts as paused would not emit again. */
function stopReading(socket: Socket): void {
  if (socket.isPaused()) socket.emit('pause');
  else socket.pause();
}

/** Tracks the server's connections: what each of them may ask for at the same time, and how each of them ends. */
export function trackConnections(server: Server, silenceMs: number): Connections {
  const connections = new Map<Socket, Connection>();
  /** Of those requests that had to wait. */
  const arrivals = new WeakMap<IncomingMessage, number>();
  let isClosing = false;
  let lastCloseAt = 0;

  const track = (socket: Socket): void => {
    const connection: Connection = {
      unanswered: 0,
      waiting: [],
      newest: null,
      rejectedInARow: 0,
      bytesWhenIdle: socket.bytesRead,
      isEnding: false,
      isSilenced: false,
    };
    connections.set(socket, connection);
    socket.on('close', () => {
      connections.delete(socket);
      connection.waiting.length = 0;
    });
    // Reading the body of a request resumes the whole connection, whose stream may count as paused nevertheless.
    socket.on('resume', () => {
      if (connection.waiting.length > 0 || connection.isSilenced) stopReading(socket);
    });
  };
  server.on('connection', track);
  // Over TLS, `connection` brings the TCP socket, and requests are read from the TLS socket of `secureConnection`.
  server.on('secureConnection', track);

  function begin(socket: Socket, connection: Connection, response: ServerResponse, answer: () => void): void {
    connection.unanswered += 1;
    connection.newest = response;
    response.on('close', () => {
      connection.unanswered -= 1;
      if (connection.waiting.length > 0) setImmediate(beginNext, socket, connection);
      else if (connection.unanswered === 0) becomeIdle(socket, connection);
    });
    answer();
  }

  /** Called in a turn of the event loop of its own, so that other connections have theirs in between. */
  function beginNext(socket: Socket, connection: Connection): void {
    const next = connection.unanswered < maxUnanswered ? connection.waiting.shift() : undefined;
    if (!next) return;
    if (connection.waiting.length === 0) socket.resume();
    next();
  }

  function becomeIdle(socket: Socket, connection: Connection): void {
    connection.bytesWhenIdle = socket.bytesRead;
    if (isClosing || (connection.isEnding && !connection.isSilenced)) socket.destroySoon();
  }

  function silence(socket: Socket, connection: Connection): void {
    connection.isSilenced = true;
    connection.waiting.length = 0;
    stopReading(socket);
    const now = performance.now();
    lastCloseAt = Math.max(now + silenceMs, lastCloseAt + Math.min(silenceMs, betweenClosesMs));
    const timer = setTimeout(() => {
      socket.destroySoon();
    }, lastCloseAt - now);
    socket.on('close', () => {
      clearTimeout(timer);
    });
  }

  function closeIdle(): void {
    for (const [socket, { unanswered, waiting, bytesWhenIdle }] of connections) {
      if (unanswered === 0 && waiting.length === 0 && socket.bytesRead === bytesWhenIdle) socket.destroy();
    }
  }

  return {
    admit: (request, response, answer) => {
      const { socket } = request;
      const connection = connections.get(socket);
      if (!connection || connection.isEnding) return;
      if (connection.unanswered < maxUnanswered && connection.waiting.length === 0 && !isClosing) {
        begin(socket, connection, response, answer);
        return;
      }
      arrivals.set(request, performance.now());
      connection.waiting.push(() => {
        begin(socket, connection, response, answer);
      });
      stopReading(socket);
      // While closing, every request waits a turn: the last answer to what has arrived must be known as the last one.
      if (connection.unanswered < maxUnanswered) setImmediate(beginNext, socket, connection);
    },
    arrivedAt: (request) => arrivals.get(request) ?? performance.now(),
    countAnswer: (response, isRejection) => {
      const connection = connections.get(response.req.socket);
      if (!connection) return true;
      connection.rejectedInARow = isRejection ? connection.rejectedInARow + 1 : 0;
      if (connection.rejectedInARow >= maxRejectedInARow && !connection.isEnding) {
        connection.isEnding = true;
        if (connection.waiting.length > 0) silence(response.req.socket, connection);
      }
      if (connection.isSilenced || (!connection.isEnding && !isClosing)) return false;
      if (connection.newest !== response || connection.waiting.length > 0) return false;
      connection.isEnding = true;
      return true;
    },
    close: async (lingerMs, graceMs) => {
      isClosing = true;
      const timer = setTimeout(() => {
        for (const socket of connections.keys()) socket.destroy();
      }, graceMs);
      // A turn of the event loop accepts and reads what has arrived by now.
      await nextTurn();
      if (connections.size > 0) await wait(lingerMs).then(() => nextTurn());
      await new Promise<void>((resolve) => {
        // HTTP's own `close` also ends connections whose next request has arrived but was not read yet.
        NetServer.prototype.close.call(server, () => {
          resolve();
        });
        closeIdle();
      });
      clearTimeout(timer);
      // Ends the timer that checks the time-outs of requests.
      server.close();
    },
  };
}
