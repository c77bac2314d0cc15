const closedCodes: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED'];

/**
 * Writes a chunk and resolves when the stream has taken it, so that a fast command does not fill the memory of a slow
 * reader. A reader that has gone away (`| head`) is not an error: the remaining output is discarded.
 */
export async function writeChunk(stream: NodeJS.WritableStream, chunk: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(chunk, (error) => {
      if (error && !closedCodes.includes((error as NodeJS.ErrnoException).code)) reject(error);
      else resolve();
    });
  });
}
