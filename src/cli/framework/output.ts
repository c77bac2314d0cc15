import { escapeControl, escapeLines } from './format.ts';

/** One value for `--json`, and the text that is printed without it. */
interface SingleOutput {
  readonly json: object;
  readonly text: string;
  /** Set where the command worked but its result is a failure, as of `doctor`; 0 where omitted. */
  readonly exitCode?: number;
}

export interface ListItem {
  readonly json: object;
  readonly cells: readonly string[];
}

/** Many rows, written page by page so that a large store is never held in memory: `{"<name>":[…]}`, or a table. */
export interface ListOutput {
  readonly name: string;
  readonly heading: string | null;
  readonly columns: readonly string[] | null;
  readonly pages: AsyncIterable<readonly ListItem[]> | Iterable<readonly ListItem[]>;
  /** The sentence that is printed instead of a table without rows. */
  readonly emptyText: string;
  readonly exitCode?: number;
}

export type CliOutput = SingleOutput | ListOutput;

/** The output in chunks, in the order in which they are to be written. */
export async function* renderOutput(output: CliOutput, asJson: boolean): AsyncGenerator<string> {
  if ('pages' in output) yield* asJson ? renderJsonList(output) : renderTable(output);
  else yield `${asJson ? JSON.stringify(output.json) : escapeLines(output.text)}\n`;
}

async function* renderJsonList({ name, pages }: ListOutput): AsyncGenerator<string> {
  let written = 0;
  for await (const page of pages) {
    if (page.length === 0) continue;
    const rows = page.map((item) => JSON.stringify(item.json)).join(',');
    yield `${written === 0 ? `{${JSON.stringify(name)}:[` : ','}${rows}`;
    written += page.length;
  }
  yield written === 0 ? `{${JSON.stringify(name)}:[]}\n` : ']}\n';
}

/** The first page sets the widths of the columns: later pages are not known when it is written. */
async function* renderTable({ heading, columns, pages, emptyText }: ListOutput): AsyncGenerator<string> {
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
    const columnWidths = widths;
    yield rows.map((cells) => tableLine(cells, columnWidths)).join('');
  }
  if (widths === null) yield `${emptyText}\n`;
}

function tableLine(cells: readonly string[], widths: readonly number[]): string {
  return `${cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd()}\n`;
}
