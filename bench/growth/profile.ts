import { type Profiler, Session } from 'node:inspector/promises';

export interface Profiling {
  /** Ends the profile, and returns the stack that ran most of the time between two instants, innermost first. */
  end(between: { readonly fromUs: number; readonly toUs: number }): Promise<readonly string[]>;
}

const sampleEveryUs = 500;
const shownFrames = 8;
const ownFile = /\/((?:src|commands|events)\/.*)$/;

/** Starts V8's profiler in this process. Its instants are those of `process.hrtime`. */
export async function startProfile(): Promise<Profiling> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: sampleEveryUs });
  await session.post('Profiler.start');
  return {
    end: async ({ fromUs, toUs }) => {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return stackBetween(profile, fromUs, toUs);
    },
  };
}

function stackBetween(profile: Profiler.Profile, fromUs: number, toUs: number): readonly string[] {
  const { nodes, samples = [], timeDeltas = [] } = profile;
  const counts = new Map<number, number>();
  let atUs = profile.startTime;
  for (const [index, id] of samples.entries()) {
    atUs += timeDeltas[index] ?? 0;
    if (atUs >= fromUs && atUs <= toUs) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const [hottest] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const frames: string[] = [];
  for (let id = hottest; id !== undefined; id = parents.get(id)) {
    const frame = nodes.find((node) => node.id === id)?.callFrame;
    const file = ownFile.exec(frame?.url ?? '')?.[1];
    if (frame && (frames.length === 0 || file)) {
      frames.push(`${frame.functionName || '(anonymous)'}${file ? ` ${file}:${frame.lineNumber + 1}` : ''}`);
    }
  }
  return frames.slice(0, shownFrames);
}
