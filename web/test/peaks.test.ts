import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fewerPeaks, peaksOf, wavePath } from '../src/player/peaks.ts';

test('each bar is the loudest sample of its part, the loudest of all is 1', () => {
  const samples = new Float32Array([0.1, -0.5, 0, 0.25, 0, 0]);
  assert.deepEqual(peaksOf(samples, 3), [1, 0.5, 0]);
});

test('silence stays silent, and a few samples are enough', () => {
  assert.deepEqual(peaksOf(new Float32Array(100), 2), [0, 0]);
  assert.deepEqual(peaksOf(new Float32Array(0), 5), []);
  assert.equal(peaksOf(new Float32Array([1, 1]), 5).length, 5);
});

test('fewer bars keep what is loud', () => {
  assert.deepEqual(fewerPeaks([0, 1, 0.2, 0.3], 2), [1, 0.3]);
  assert.deepEqual(fewerPeaks([1], 60), [1]);
});

test('bars stand in a row, and silence is a dot', () => {
  assert.equal(wavePath([0, 1, 0.5], 0, 2), 'M2 21.0V23.0M6 3.0V41.0');
  assert.equal(wavePath([0, 1], 2, 2), '');
});
