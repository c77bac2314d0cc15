import type { CopyStep } from './context.ts';
import { escapeControl } from './format.ts';

/** The progress of a long command on stderr: a moving bar on a terminal, elsewhere one line every ten seconds. */
export interface Progress {
  readonly show: (step: CopyStep) => void;
  /** Ends the line of the bar, so that other output starts on a line of its own. */
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
  let shownName = '';
  let shownAt = now().getTime();
  let hasOpenLine = false;

  function end(): void {
    if (hasOpenLine) stream.write('\n');
    hasOpenLine = false;
  }

  return {
    show: (step) => {
      const { doing, kind, done, total } = step;
      const name = `${doing} ${kind}`;
      const isDue = now().getTime() - shownAt >= (isTerminal ? redrawMs : lineMs);
      const isWanted = isDue || done >= total || (isTerminal && name !== shownName);
      if (total === 0 || !isWanted) return;
      shownName = name;
      shownAt = now().getTime();
      if (isTerminal) {
        stream.write(`\r${renderBar(step)}\u001b[K`);
        hasOpenLine = true;
      } else {
        stream.write(`${renderLine(step)}\n`);
      }
    },
    end,
  };
}

function renderLine({ doing, kind, done, total }: CopyStep): string {
  return escapeControl(`${doing} ${kind}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
}

function renderBar(step: CopyStep): string {
  const filled = Math.floor((Math.min(step.done, step.total) / step.total) * barWidth);
  return `[${'#'.repeat(filled).padEnd(barWidth, '.')}] ${renderLine(step)}`;
}
