import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { BodyChunks } from './route.ts';

/**
 * Writes a body chunk by chunk, as fast as the client reads: the producer is asked for a chunk only when the socket has
 * taken those before. `writeHead` is called when the first chunk is there, so that a producer that fails at its start
 * can still be answered with another status. When the client disconnects, the producer's iterator is closed (`return()`)
 * at the chunk it is at. A HEAD request does not start the producer.
 *
 * Resolves when the body was written or the client is gone. Rejects with what the producer throws.
 */
export async function streamBody(response: ServerResponse, chunks: BodyChunks, writeHead: () => void): Promise<void> {
  if (response.req.method !== 'HEAD') {
    const disconnected = new AbortController();
    response.once('close', () => {
      disconnected.abort();
    });
    for await (const chunk of chunks) {
      if (response.destroyed) return;
      if (!response.headersSent) writeHead();
      if (!response.write(chunk)) await drained(response, disconnected.signal);
      if (disconnected.signal.aborted) return;
    }
  }
  if (!response.headersSent) writeHead();
  response.end();
}

/** Resolves when the socket takes more, or when it was closed. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal }).catch(() => undefined);
}
