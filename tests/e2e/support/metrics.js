// Prometheus's text format 0.0.4, read strictly: what promtool would refuse is
// refused here as well, and what a scraper would let pass too.
// https://prometheus.io/docs/instrumenting/exposition_formats/

import assert from 'node:assert/strict';

const NAME = '[a-z_][a-z0-9_]*';
const LABEL = `${NAME}="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?\\d+(?:\\.\\d+)?)$`);
const PART = /(_bucket|_sum|_count)$/;

/**
 * @param {string} text
 * @returns {Map<string, {type: string, help: string, samples: Map<string, number>}>}
 *   by family; a sample by its labels as written, '' without any; of a histogram with
 *   its part before them, as '_count route="/twilio/voice"'
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
      assert.match(rest, /^(counter|gauge|histogram)$/);
      assert.equal(name.endsWith('_total'), rest === 'counter', `${name} is a ${rest}`);
      current = { type: rest, help: help.rest, samples: new Map() };
      families.set(name, current);
    } else {
      const sample = line.match(SAMPLE);
      assert.ok(sample, `"${line}" is a sample`);
      const [, of, labels = '', value] = sample;
      const [family] = [...families.keys()].slice(-1);
      const part = current.type === 'histogram' ? of.match(PART)?.[1] : '';
      assert.equal(family + (part ?? ''), of, `${of} stands below its TYPE`);
      const name = part ? `${part} ${labels}` : labels;
      assert.ok(!current.samples.has(name), `${line} stands there once`);
      current.samples.set(name, Number(value));
    }
  }
  for (const [name, { type, samples }] of families)
    if (type === 'histogram') checkHistogram(name, samples);
  return families;
}

/** Buckets grow, end with +Inf, and the last is the count. */
function checkHistogram(name, samples) {
  const series = new Map();
  for (const [key, value] of samples) {
    const [, part, labels] = key.match(/^(\S+) (.*)$/);
    const [, bound] = labels.match(/,?le="([^"]*)"$/) ?? [];
    assert.equal(part === '_bucket', bound !== undefined, `${name} ${key}`);
    const one = labels.replace(/,?le="[^"]*"$/, '');
    if (!series.has(one)) series.set(one, { bounds: [], values: [] });
    if (part !== '_bucket') series.get(one)[part] = value;
    else {
      series.get(one).bounds.push(bound === '+Inf' ? Infinity : Number(bound));
      series.get(one).values.push(value);
    }
  }
  for (const [labels, { bounds, values, _sum: sum, _count: count }] of series) {
    const sorted = (list) => list.toSorted((a, b) => a - b);
    assert.deepEqual(bounds, sorted(bounds), `${name}{${labels}}`);
    assert.deepEqual(values, sorted(values), `${name}{${labels}}`);
    assert.equal(bounds.at(-1), Infinity);
    assert.equal(values.at(-1), count);
    assert.ok(sum >= 0);
  }
}
