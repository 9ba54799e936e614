import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '@repo/contract/input-error';
import { previewPasses } from '@repo/contract/preview-report';
import { renderPreview } from '@repo/gates/report/render-preview';
import writeFileAtomic from 'write-file-atomic';
import { previewPrograms } from './preview-programs.ts';
import { previewText } from './preview-text.ts';

// `npm run render -- <program>[,<program>] [--stack <stack>[,<stack>]] [--base <commit>] [--report <folder>]`: what programs declare, what
// changes against a commit, and what the policies find. Exit code 0 pass, 1 findings or a program that fails, 2 wrong use.
const options = {
  stack: { type: 'string', default: 'prod' },
  base: { type: 'string' },
  report: { type: 'string' },
} as const;
const list = (text: string): string[] => text.split(',').filter((one) => one !== '');

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const programs = positionals.flatMap(list);
  if (programs.length === 0) {
    const allowed = 'folders below infra/ with a Pulumi.yaml';
    throw new InputError({
      path: 'npm run render',
      received: 'no program',
      allowed,
      action: 'name one, such as serving',
    });
  }
  const report = await previewPrograms({
    root: process.cwd(),
    programs,
    stacks: list(values.stack),
    base: values.base ?? null,
    today: new Date().toISOString().slice(0, 10),
  });
  if (values.report !== undefined) {
    const folder = resolve(values.report);
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(join(folder, 'preview.json'), JSON.stringify(report));
    await writeFileAtomic(join(folder, 'preview.md'), renderPreview(report));
  }
  process.stdout.write(previewText(report));
  process.exitCode = previewPasses(report) ? 0 : 1;
} catch (error) {
  const isWrongUse = error instanceof InputError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (!isWrongUse) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
