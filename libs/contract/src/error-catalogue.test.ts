import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeError, type ErrorRow, errorCatalogue } from './error-catalogue.ts';
import { ServiceError } from './service-error.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const catalogue: Readonly<Record<string, ErrorRow>> = errorCatalogue;

/** What differs between a page and a catalogue, a line for each row that only one of them has or that they tell differently. */
function differences(text: string, rows: Readonly<Record<string, ErrorRow>>): string[] {
  const written = new Map(
    [...text.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, code = '', rest = '']) => [code, rest]),
  );
  const declared = new Map(
    Object.entries(rows).map(([code, { status, means, action }]) => [
      code,
      `${status} | ${means} | ${action.charAt(0).toUpperCase()}${action.slice(1)}.`,
    ]),
  );
  const codes = new Set([...written.keys(), ...declared.keys()]);
  return [...codes].flatMap((code) => {
    if (written.get(code) === declared.get(code)) return [];
    return [`${code}: page ${written.get(code)}; catalogue ${declared.get(code)}`];
  });
}

test('docs/errors.md and the catalogue hold the same rows', () => {
  expect(Object.keys(catalogue).length).toBeGreaterThan(10);
  expect(differences(page, catalogue)).toEqual([]);
});

test('a row that only the page has, or only the catalogue, is found', () => {
  const { unknown_path: gone, ...rest } = catalogue;
  expect(gone).toBeDefined();
  expect(differences(page, rest)).toEqual([expect.stringMatching(/^unknown_path: page 404.*catalogue undefined$/)]);
  const without = page.replace(/^\| `unknown_path`.*\n/m, '');
  expect(differences(without, catalogue)).toEqual([
    expect.stringMatching(/^unknown_path: page undefined; catalogue 404/),
  ]);
});

test('a status that the page tells differently is found', () => {
  const changed = page.replace('| `body_too_large` | 413', '| `body_too_large` | 400');
  expect(differences(changed, catalogue)).toEqual([expect.stringMatching(/^body_too_large: page 400/)]);
});

test('every row is an error status with texts that fit into a message', () => {
  for (const [code, row] of Object.entries(catalogue)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(row.status >= 400 && row.status < 600 && row.status !== 422).toBe(true);
    expect(row.means).toMatch(/^[A-Z].*\.$/);
    expect(`${row.allowed}${row.action}`).not.toMatch(/[.;|\n]$|\|/);
  }
});

test('a case is completed from the catalogue, and its own words come first', () => {
  const problem = describeError('unknown_model', { path: 'model', received: 'x' });
  expect(problem).toEqual({ path: 'model', received: 'x', ...pick('unknown_model') });
  expect(describeError('unknown_model', { path: 'model', received: 'x', allowed: 'y' }).allowed).toBe('y');
  const error = new ServiceError('unknown_model', { path: 'model', received: 'x', allowed: 'y' });
  expect(error).toMatchObject({
    status: 404,
    message: `model: received x; allowed: y; ${pick('unknown_model').action}`,
  });
});

function pick(code: keyof typeof errorCatalogue) {
  const { allowed, action } = errorCatalogue[code];
  return { allowed, action };
}
