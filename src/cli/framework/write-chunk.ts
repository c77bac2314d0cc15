const closedCodes: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED'];

/** Writes and waits for room. A reader that went away (`| head`) is no error: the rest goes nowhere. */
export async function writePiece(stream: NodeJS.WritableStream, piece: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(piece, (error) => {
      if (error && !closedCodes.includes((error as NodeJS.ErrnoException).code)) reject(error);
      else resolve();
    });
  });
}
