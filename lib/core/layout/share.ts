/** Divides a length among neighbours by their stated sizes and minimums. */
import type { Size } from './layout.ts';

interface Part {
  readonly size: Size;
  /** Cells, at least 1. */
  readonly min: number;
}

/**
 * Lengths in cells, one a part, whose sum is `total`; none below its minimum as long as the minimums fit together.
 * Percent are of `total`. What is left over goes in even shares to the parts that take the rest; without any, to the
 * last part. What is lacking is taken from percent sizes first, then from cells, wherever most stands above a minimum.
 */
export function share(total: number, parts: readonly Part[]): readonly number[] {
  const lengths = parts.map(({ size, min }) => Math.max(min, wanted(size, total)));
  let spare = total - sum(lengths);
  const order = [percentIn(parts), cellsIn(parts), [...parts.keys()]];
  for (const indices of order) {
    while (spare < 0) {
      const index = mostAbove(indices, lengths, parts);
      if (index === null) break;
      lengths[index] = (lengths[index] ?? 0) - 1;
      spare += 1;
    }
  }
  const resting = [...parts.keys()].filter((index) => parts[index]?.size === 'rest');
  const takers = resting.length > 0 ? resting : [parts.length - 1];
  for (; spare > 0; spare -= 1) {
    const index = shortest(takers, lengths);
    lengths[index] = (lengths[index] ?? 0) + 1;
  }
  return lengths;
}

function wanted(size: Size, total: number): number {
  if (size === 'rest') return 0;
  return 'cells' in size ? size.cells : Math.round((total * size.percent) / 100);
}

function percentIn(parts: readonly Part[]): readonly number[] {
  return parts.flatMap(({ size }, index) => (size !== 'rest' && 'percent' in size ? [index] : []));
}

function cellsIn(parts: readonly Part[]): readonly number[] {
  return parts.flatMap(({ size }, index) => (size !== 'rest' && 'cells' in size ? [index] : []));
}

/** Of several the last; null when none stands above its minimum. */
function mostAbove(
  indices: readonly number[],
  lengths: readonly number[],
  parts: readonly Part[],
): number | null {
  let most = { index: null as number | null, above: 1 };
  for (const index of indices) {
    const above = (lengths[index] ?? 0) - (parts[index]?.min ?? 0);
    if (above >= most.above) most = { index, above };
  }
  return most.index;
}

/** Of several the first. */
function shortest(indices: readonly number[], lengths: readonly number[]): number {
  return indices.reduce(
    (best, index) => ((lengths[index] ?? 0) < (lengths[best] ?? 0) ? index : best),
    indices[0] ?? 0,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
