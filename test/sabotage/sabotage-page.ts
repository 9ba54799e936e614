import { gateNames } from '@repo/contract/gate-name';
import { type Defect, expectedOf } from './defect.ts';
import type { WorldSize } from './sabotage-model.ts';

const head = `# Sabotage of the gates

Each row is a candidate made from an honest one, and the gates that fail for it: exactly these. On 20,000 real flights in every run of \`npm test\`, and on all
flights, with the settings of flight-delay as they are, each night by \`npm run e2e -- sabotage\`. \`?\` marks gates that cannot tell: their interval holds a limit.
Written by [sabotage.test.ts](../test/sabotage/sabotage.test.ts); after a defect was changed, \`npx vitest run --project @repo/test sabotage -u\` writes it anew.
`;

const named = (gates: readonly string[], mark = '') => gates.map((gate) => `\`${gate}\`${mark}`).join(', ');

/** The gates that fail and those that cannot tell. */
function cellsOf(defect: Defect, size: WorldSize): string {
  const { red, unsure } = expectedOf(defect, size);
  return `${named(red) || 'none'} | ${named(unsure, '?')}`;
}

/** docs/sabotage.md: which defect turns which gate red. */
export function sabotagePage(defects: readonly Defect[]): string {
  const rows = defects.map((defect) => {
    const [few, all] = [cellsOf(defect, 'small'), cellsOf(defect, 'full')];
    return `| ${defect.name} | ${defect.made} | ${few} | ${all === few ? 'the same |' : all} |`;
  });
  const times = (gate: string, size: WorldSize) =>
    defects.filter((defect) => (expectedOf(defect, size).red as readonly string[]).includes(gate)).length;
  const counts = gateNames.map((gate) => `| \`${gate}\` | ${times(gate, 'small')} | ${times(gate, 'full')} |`);
  const table = [
    '| candidate | made by | red on 20,000 flights | cannot tell | red on all flights | cannot tell |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
  const summary = ['| gate | turned red on 20,000 flights by | on all by |', '|---|---|---|', ...counts];
  return [head, ...table, '', ...summary, ''].join('\n');
}
