import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startLatchkey } from '../latchkey-server.ts';
import type { Figure, FigureName } from '../report/results.ts';

/**
 * Measures the time from the start of the process to its first grant on each of the stores, as multiples of the time
 * that `node -e 0` takes in the same round.
 */
export async function measureStarts(
  stores: readonly { readonly name: FigureName; readonly dir: string }[],
  rounds: number,
): Promise<readonly Figure[]> {
  const values = stores.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { dir }] of stores.entries()) {
      const nodeMs = await timeOfNode();
      const server = await startLatchkey({ dir });
      values[index]?.push(server.firstAnswerMs / nodeMs);
      await server.end();
    }
  }
  return stores.map(({ name }, index) => ({ name, values: values[index] ?? [] }));
}

async function timeOfNode(): Promise<number> {
  const startedAt = performance.now();
  await promisify(execFile)(process.execPath, ['-e', '0']);
  return performance.now() - startedAt;
}
