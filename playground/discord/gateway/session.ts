import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

interface SentEvent {
  readonly seq: number;
  readonly text: string;
}

/** How many events a session stores, so that they can be sent again after a resume. */
const maxStoredEvents = 2_000;

/** One identified gateway session. It outlives its connection until the client resumes or the session is ended. */
export class Session {
  readonly id = randomBytes(16).toString('hex');
  readonly intents: number;
  socket: WebSocket | null;
  #seq = 0;
  #sent: SentEvent[] = [];

  constructor(socket: WebSocket, intents: number) {
    this.socket = socket;
    this.intents = intents;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Sends an event, and stores it for a resume. */
  dispatch(event: string, data: unknown): void {
    this.#seq += 1;
    const text = JSON.stringify({ op: 0, s: this.#seq, t: event, d: data });
    this.#sent.push({ seq: this.#seq, text });
    if (this.#sent.length > maxStoredEvents) this.#sent.shift();
    this.socket?.send(text);
  }

  /** Continues on a new connection: sends all events after `seq` again. */
  resume(socket: WebSocket, seq: number): void {
    this.socket = socket;
    for (const event of this.#sent) if (event.seq > seq) socket.send(event.text);
    this.dispatch('RESUMED', {});
  }
}
