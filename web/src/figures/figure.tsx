// One figure: what it finds, its picture, and the numbers behind it as a table.

import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { text } from '../text.ts';

export interface TableRow {
  head: string;
  cells: string[];
}

interface Props {
  title: string;
  /** What is found, or of what it is. */
  about: string;
  columns: string[];
  rows: TableRow[];
  /** Across both columns of the page. */
  isWide?: boolean;
  /** The picture; null when there is nothing to draw. */
  children: ComponentChildren;
}

export function Figure({ title, about, columns, rows, isWide = false, children }: Props) {
  const id = useId();
  const [isTable, setTable] = useState(false);
  const words = text.figures.show;
  return (
    <section class={isWide ? 'fig span' : 'fig'} aria-labelledby={id}>
      <div class="fig-h">
        <div>
          <h2 id={id}>{title}</h2>
          <p class="sub">{about}</p>
        </div>
        {children !== null && (
          <div class="toggle" role="group" aria-label={words.label}>
            <button type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>
              {words.chart}
            </button>
            <button type="button" aria-pressed={isTable} onClick={() => setTable(true)}>
              {words.table}
            </button>
          </div>
        )}
      </div>
      {children !== null && (isTable ? <Numbers {...{ title, columns, rows }} /> : children)}
    </section>
  );
}

function Numbers({ title, columns, rows }: { title: string; columns: string[]; rows: TableRow[] }) {
  return (
    <div
      class="scroll"
      role="region"
      tabIndex={0}
      aria-label={`${title}, ${text.figures.show.table}`}
    >
      <table class="numbers">
        <caption class="vh">{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ head, cells }) => (
            <tr key={head}>
              <th scope="row">{head}</th>
              {cells.map((cell, i) => (
                <td key={i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
