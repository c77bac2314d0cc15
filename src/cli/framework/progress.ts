import type { CopyStep } from './context.ts';
import { escapeControl } from './format.ts';

/** How far something is, on stderr: a bar that moves on a terminal, now and then a line anywhere else. */
export interface Progress {
  readonly show: (step: CopyStep) => void;
  /** Leaves the bar's line, so that something else can be written. */
  readonly end: () => void;
}

const redrawMs = 100;
const lineMs = 10_000;
const barWidth = 30;

export function createProgress(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
  now: () => Date,
): Progress {
  const isTerminal = stream.isTTY === true;
  let shown = '';
  let shownAt = now().getTime();
  let isOpen = false;

  function end(): void {
    if (isOpen) stream.write('\n');
    isOpen = false;
  }

  return {
    show: (step) => {
      const { doing, kind, done, total } = step;
      const name = `${doing} ${kind}`;
      const isDue = now().getTime() - shownAt >= (isTerminal ? redrawMs : lineMs);
      const isWanted = isDue || done >= total || (isTerminal && name !== shown);
      if (total === 0 || !isWanted) return;
      shown = name;
      shownAt = now().getTime();
      if (isTerminal) {
        stream.write(`\r${barOf(step)}\u001b[K`);
        isOpen = true;
      } else {
        stream.write(`${lineOf(step)}\n`);
      }
    },
    end,
  };
}

function lineOf({ doing, kind, done, total }: CopyStep): string {
  return escapeControl(`${doing} ${kind}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
}

function barOf(step: CopyStep): string {
  const filled = Math.floor((Math.min(step.done, step.total) / step.total) * barWidth);
  return `[${'#'.repeat(filled).padEnd(barWidth, '.')}] ${lineOf(step)}`;
}
