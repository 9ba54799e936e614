import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runWithin } from './run-within.ts';
import { suitesIn } from './suite.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * `npm run e2e -- <suite>`: runs a suite within its budget; without a name lists them. `--cases <n>` tells a suite that draws its cases
 * how many. Exit 2: no such suite, wrong use, or a tool is missing.
 */
async function main(name: string | undefined): Promise<number> {
  const suites = suitesIn(here('.'));
  if (name === undefined) {
    for (const { name, budgetS, missing } of suites) {
      const state = missing.length === 0 ? 'ready' : `missing ${missing.join(', ')}`;
      console.log(`${name.padEnd(16)} ${String(budgetS).padStart(5)} s  ${state}`);
    }
    return 0;
  }
  const suite = suites.find((one) => one.name === name);
  if (suite === undefined) {
    const allowed = suites.map((one) => one.name).join(', ') || 'none yet';
    console.error(`suite: received ${name}; allowed: ${allowed}; name one of these`);
    return 2;
  }
  if (suite.missing.length > 0) {
    console.error(`suite ${name}: ${suite.missing.join(', ')} not found; install it or leave this suite out`);
    return 2;
  }
  const vitest = here('../../node_modules/vitest/vitest.mjs');
  const code = await runWithin(suite.budgetS, process.execPath, [
    vitest,
    'run',
    '--config',
    here('vitest.config.ts'),
    suite.file,
  ]);
  if (code === null) console.error(`suite ${name}: ended before it was done; its budget is ${suite.budgetS} s`);
  return code ?? 1;
}

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { cases: { type: 'string' } } });
  if (values.cases !== undefined && !/^[1-9]\d{0,8}$/.test(values.cases)) {
    throw new TypeError(`--cases: received ${values.cases}; allowed: a whole number from 1; correct it`);
  }
  if (values.cases !== undefined) process.env.CASES = values.cases;
  process.exitCode = await main(positionals[0]);
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
