import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { previewReportSchema } from '@repo/contract/preview-report';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const cwd = fileURLToPath(new URL('./fixtures/workspace', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8' });

test('findings are exit code 1, and are written for people and for a report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'render-main-'));
  try {
    const { status, stdout, stderr } = run('network', '--stack', 'dev', '--report', folder);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('+ aws:ec2/vpc:Vpc vpc\n+   $options.protect: true\n+   cidrBlock: "10.0.0.0/16"\n');
    expect(stdout).toContain('fail: tags: aws:ec2/vpc:Vpc vpc lacks the tags');
    const report = previewReportSchema.parse(JSON.parse(readFileSync(join(folder, 'preview.json'), 'utf8')));
    expect(report.programs).toMatchObject([{ program: 'network', stack: 'dev', resources: 3 }]);
    expect(readFileSync(join(folder, 'preview.md'), 'utf8')).toContain('#### `network` on `dev`');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['no program', [], /received no program/],
  ['a flag that does not exist', ['network', '--stacks', 'dev'], /--stacks/],
  ['a program that does not exist', ['shops', '--stack', 'dev'], /program: received "shops"/],
  ['a stack that does not exist', ['network', '--stack', 'nowhere'], /stack: received "nowhere"; allowed: local, dev/],
])('%s is exit code 2', (_, args, message) => {
  expect(run(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
});
