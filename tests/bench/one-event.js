// The program's statement writes a batch: an array for each column. For who writes one
// event at a time it is the same with a row of values in the place of the arrays; nothing
// else of it is changed, so it does the same work.

const ARRAYS = /unnest\(\s*((?:\$\d+::\w+\[\],?\s*)+)\)\s*AS t\(([^)]+)\)/;

/** @param {string} sql of a batch @returns {string} of one event */
export function oneEventSql(sql) {
  if (!ARRAYS.test(sql)) throw new Error(`this is not how events are written:\n${sql}`);
  return sql.replace(
    ARRAYS,
    (_, arrays, columns) => `(VALUES (${arrays.trim().replaceAll('[]', '')})) AS t(${columns})`,
  );
}

/** Which parameter a column takes, in the form for one event. @returns {Map<string, number>} */
export function columnParameters(sql) {
  const lists = /\(VALUES \(((?:\$\d+::\w+,?\s*)+)\)\) AS t\(([^)]+)\)/.exec(sql);
  if (lists === null) throw new Error(`this is not how an event is written:\n${sql}`);
  const numbers = [...lists[1].matchAll(/\$(\d+)/g)].map(([, n]) => Number(n));
  const names = lists[2].split(',').map((name) => name.trim());
  if (names.length !== numbers.length) throw new Error('a column without its parameter');
  return new Map([['line', 1], ...names.map((name, at) => [name, numbers[at]])]);
}

/** The elements of an array as PostgreSQL prints it: {a,"b c",NULL}. */
export function parseArray(text) {
  const values = [];
  for (const [, quoted, word] of text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs)) {
    if (quoted !== undefined) values.push(quoted.replace(/\\(.)/gs, '$1'));
    else values.push(word === 'NULL' ? null : word);
  }
  return values;
}

/**
 * A batch as it was observed, event by event. An array that is NULL stands for a column
 * without any value.
 * @param {import('./observed.js').Observed} batch
 * @returns {import('./observed.js').Observed[]}
 */
export function oneByOne({ name, sql, values: [line, ...arrays] }) {
  const columns = arrays.map((text) => (text === null ? [] : parseArray(text)));
  const one = oneEventSql(sql);
  return columns[0].map((_, at) => ({
    name,
    sql: one,
    values: [line, ...columns.map((column) => column[at] ?? null)],
  }));
}
