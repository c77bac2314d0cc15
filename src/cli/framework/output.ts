import { escapeControl, escapeLines } from './format.ts';

/** One value for `--json`, and what people read instead. */
interface SingleAnswer {
  readonly json: object;
  readonly text: string;
  /** Not 0 where the answer itself is bad news. */
  readonly exitCode?: number;
}

export interface ListItem {
  readonly json: object;
  readonly cells: readonly string[];
}

/** Many rows, written as they come: `{"<name>":[…]}`, or a table. */
export interface ListAnswer {
  readonly name: string;
  readonly heading: string | null;
  readonly columns: readonly string[] | null;
  readonly pages: AsyncIterable<readonly ListItem[]> | Iterable<readonly ListItem[]>;
  /** What people read where there is nothing. */
  readonly none: string;
  readonly exitCode?: number;
}

export type CliOutput = SingleAnswer | ListAnswer;

/** The answer in pieces, ready to be written one after another. */
export async function* renderAnswer(answer: CliOutput, asJson: boolean): AsyncGenerator<string> {
  if ('pages' in answer) yield* asJson ? renderJsonList(answer) : renderTable(answer);
  else yield `${asJson ? JSON.stringify(answer.json) : escapeLines(answer.text)}\n`;
}

async function* renderJsonList({ name, pages }: ListAnswer): AsyncGenerator<string> {
  let written = 0;
  for await (const page of pages) {
    if (page.length === 0) continue;
    const rows = page.map((item) => JSON.stringify(item.json)).join(',');
    yield `${written === 0 ? `{${JSON.stringify(name)}:[` : ','}${rows}`;
    written += page.length;
  }
  yield written === 0 ? `{${JSON.stringify(name)}:[]}\n` : ']}\n';
}

/** Columns are as wide as the first page needs. */
async function* renderTable({ heading, columns, pages, none }: ListAnswer): AsyncGenerator<string> {
  let widths: readonly number[] | null = null;
  for await (const page of pages) {
    if (page.length === 0) continue;
    const rows = page.map((item) => item.cells.map(escapeControl));
    if (widths === null) {
      const all = columns ? [columns, ...rows] : rows;
      widths = (rows[0] ?? []).map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
      if (heading !== null) yield `${escapeControl(heading)}\n`;
      if (columns) yield tableLine(columns, widths);
    }
    const known = widths;
    yield rows.map((cells) => tableLine(cells, known)).join('');
  }
  if (widths === null) yield `${none}\n`;
}

function tableLine(cells: readonly string[], widths: readonly number[]): string {
  return `${cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd()}\n`;
}
