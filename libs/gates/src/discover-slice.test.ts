import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { discoverSlice } from './discover-slice.ts';
import { plantedContract, plantedModel, plantedTables } from './fixtures/planted-world.ts';

const contract = plantedContract(plantedModel('binary'));
const { columns, rows: count } = plantedTables('binary').test.matrix;
const [load, heat, kind] = columns as [Float32Array, Float32Array, Float32Array];
const rows = Array.from({ length: count }, (_, row) => row);
const random = createRandom(5);
const noise = Float64Array.from({ length: count }, () => 0.2 * random.normal());

const found = (excess: (row: number) => number, leastRows = 200) => {
  const values = noise.map((value, row) => value + excess(row));
  return discoverSlice({ contract, columns, excess: values, rows, leastRows });
};

test('what is worse below a number, in a category or where a value is missing is found', () => {
  expect(found((row) => Number((load[row] as number) < 0.25))?.text).toMatch(/^load <= 0\.2/);
  expect(found((row) => Number(kind[row] === 0))?.text).toMatch(/^kind is mill/);
  expect(found((row) => Number(Number.isNaN(heat[row])))?.text).toMatch(/^heat is missing/);
});

test('two conditions together are found, and hold for the rows that they say', () => {
  const slice = found((row) => (kind[row] === 1 && (load[row] as number) > 0.5 ? 1 : 0));
  expect(slice?.text.split(' and ').sort()).toEqual([
    expect.stringMatching(/^kind is cut$/),
    expect.stringMatching(/^not load <= 0\.(49|50)/),
  ]);
  const inside = rows.filter((row) => slice?.holds(row));
  expect(inside.filter((row) => kind[row] === 1 && (load[row] as number) > 0.48)).toHaveLength(inside.length);
});

test('a slice has as many rows as are asked for', () => {
  const slice = found((row) => Number((load[row] as number) < 0.02), 400);
  expect(rows.filter((row) => slice?.holds(row)).length).toBeGreaterThanOrEqual(400);
});

test('where every row loses alike there is no slice', () => {
  expect(discoverSlice({ contract, columns, excess: new Float64Array(count), rows, leastRows: 200 })).toBeNull();
  expect(discoverSlice({ contract, columns, excess: noise, rows: rows.slice(0, 150), leastRows: 200 })).toBeNull();
});
