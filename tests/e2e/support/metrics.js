// Prometheus's text format 0.0.4, read strictly: what promtool would refuse is
// refused here as well, and what a scraper would let pass too.
// https://prometheus.io/docs/instrumenting/exposition_formats/

import assert from 'node:assert/strict';

const NAME = '[a-z_][a-z0-9_]*';
const LABEL = `${NAME}="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?\\d+(?:\\.\\d+)?)$`);

/**
 * @param {string} text
 * @returns {Map<string, {type: string, help: string, samples: Map<string, number>}>}
 *   by family; a sample by its labels as written, '' without any
 */
export function parseMetrics(text) {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const families = new Map();
  let current;
  let help;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, about, name, rest] = line.match(/^# (HELP|TYPE) (\S+) (.+)$/) ?? [];
    if (about === 'HELP') {
      assert.ok(!families.has(name), `${name} stands together, once`);
      assert.match(rest, /^[A-Z].*[.?]$/, `${name} says what it is`);
      help = { name, rest };
    } else if (about === 'TYPE') {
      assert.equal(help?.name, name, `${name}: HELP, then TYPE`);
      assert.match(rest, /^(counter|gauge)$/);
      assert.equal(name.endsWith('_total'), rest === 'counter', `${name} is a ${rest}`);
      current = { type: rest, help: help.rest, samples: new Map() };
      families.set(name, current);
    } else {
      const sample = line.match(SAMPLE);
      assert.ok(sample, `"${line}" is a sample`);
      const [, of, labels = '', value] = sample;
      assert.equal([...families.keys()].at(-1), of, `${of} stands below its TYPE`);
      assert.ok(!current.samples.has(labels), `${line} stands there once`);
      current.samples.set(labels, Number(value));
    }
  }
  return families;
}
