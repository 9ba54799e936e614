import { gateNames } from '@repo/contract/gate-name';
import type { Defect } from './defect.ts';

const head = `# Sabotage of the gates

Each row is a candidate made from an honest one, on 20,000 real flights, and the gates that fail for it: exactly these, in every run of \`npm test\`. \`?\` marks gates that cannot tell on so few rows. Written by
[sabotage.test.ts](../test/sabotage/sabotage.test.ts); after a defect was changed, \`npx vitest run --project @repo/test sabotage -u\` writes it anew.
`;

/** docs/sabotage.md: which defect turns which gate red. */
export function sabotagePage(defects: readonly Defect[]): string {
  const rows = defects.map(({ name, made, red, unsure }) => {
    const failing = red.map((gate) => `\`${gate}\``).join(', ') || 'none';
    const open = (unsure?.small ?? []).map((gate) => `\`${gate}\`?`).join(', ');
    return `| ${name} | ${made} | ${failing} | ${open} |`;
  });
  const counts = gateNames.map((gate) => `| \`${gate}\` | ${defects.filter(({ red }) => red.includes(gate)).length} |`);
  const table = ['| candidate | made by | red | cannot tell |', '|---|---|---|---|', ...rows];
  return [head, ...table, '', '| gate | turned red by |', '|---|---|', ...counts, ''].join('\n');
}
