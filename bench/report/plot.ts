import { bareHttp, express, tki } from '../measurements/contender-names.ts';
import { findPart, type Ratios, ratiosOf } from './ratios.ts';
import type { Part, Results } from './results.ts';

interface Bar extends Ratios {
  readonly label: string;
}

const width = 760;
const labelWidth = 280;
const rowHeight = 34;
const barHeight = 11;
const headHeight = 56;
const footHeight = 30;
const colors = { throughput: '#2f6fab', cpu: '#7fb069', line: '#555555', text: '#222222', grid: '#dddddd' } as const;

/** docs/performance.svg: how checks on the embedded store compare with an empty Express handler. */
export function drawPlot(results: Results): string {
  const part = findPart(results, 'sqlite');
  const bars = part ? barsOf(part) : [];
  const greatest = Math.max(1, ...bars.map(({ throughput, cpu }) => Math.max(throughput.median, cpu?.median ?? 0)));
  const max = Math.ceil(greatest * 2) / 2;
  const x = (ratio: number) => labelWidth + (ratio / max) * (width - labelWidth - 50);
  const height = headHeight + bars.length * rowHeight + footHeight;
  const marks = Array.from({ length: Math.round(max * 2) + 1 }, (_, index) => index / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    legend('throughput', 'requests a second', 16),
    legend('cpu', 'requests for the same CPU time', 180),
    text(labelWidth, headHeight - 12, `times an ${express}`, 'start'),
    ...marks.map((mark) => {
      const color = mark === 1 ? colors.line : colors.grid;
      const bottom = height - footHeight;
      return (
        `<line x1="${x(mark)}" x2="${x(mark)}" y1="${headHeight - 4}" y2="${bottom}" stroke="${color}"/>` +
        text(x(mark), bottom + 16, String(mark), 'middle')
      );
    }),
    ...bars.flatMap((bar, index) => drawBar(bar, headHeight + index * rowHeight, x)),
    '</svg>',
    '',
  ].join('\n');
}

function drawBar({ label, throughput, cpu }: Bar, top: number, x: (ratio: number) => number): readonly string[] {
  const bar = (ratio: number, color: string, y: number) =>
    `<rect x="${labelWidth}" y="${y}" width="${round(x(ratio) - labelWidth)}" height="${barHeight}" fill="${color}"/>` +
    text(round(x(ratio)) + 4, y + barHeight - 1, ratio.toFixed(2), 'start');
  return [
    text(labelWidth - 8, top + barHeight + 5, label, 'end'),
    bar(throughput.median, colors.throughput, top + 2),
    ...(cpu ? [bar(cpu.median, colors.cpu, top + 2 + barHeight + 1)] : []),
  ];
}

/** Every contender but the baseline, each once at 32 connections, and valid checks at each number of connections. */
function barsOf({ sets }: Part): readonly Bar[] {
  return sets.flatMap((set) =>
    set.contenders.flatMap(({ name }) => {
      const isShown = set.name === 'tki' ? name === tki || set.connections === 32 : name !== bareHttp && name !== tki;
      const isAlone = set.name === 'connections' || set.name === 'tls';
      if (name === express || !(isShown || (isAlone && name === tki)) || (set.name === 'many' && name !== tki)) {
        return [];
      }
      const ratios = ratiosOf(set, name, express);
      const ways = [
        set.name === 'tki' ? `${set.connections} connections` : '',
        set.name === 'many' ? 'many licenses' : '',
        set.tls ? 'TLS' : '',
        set.keepAlive ? '' : 'one connection each',
      ];
      return ratios ? [{ ...ratios, label: [name, ...ways.filter(Boolean)].join(', ') }] : [];
    }),
  );
}

const round = (value: number) => Math.round(value * 10) / 10;

function legend(kind: 'throughput' | 'cpu', label: string, left: number): string {
  return (
    `<rect x="${left}" y="14" width="${barHeight}" height="${barHeight}" fill="${colors[kind]}"/>` +
    text(left + barHeight + 6, 24, label, 'start')
  );
}

function text(left: number, top: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${round(left)}" y="${top}" fill="${colors.text}" text-anchor="${anchor}">${content}</text>`;
}
