import type { PreviewReport } from '@repo/contract/preview-report';
import { expect, test } from 'vitest';
import { renderPreview } from './render-preview.ts';

const changes = Array.from({ length: 400 }, (_, i) => ({
  kind: 'changed' as const,
  resource: `aws:s3/bucket:Bucket b${i}`,
  properties: [{ path: 'tags.owner', before: `"${'x'.repeat(50)}"`, after: '"ü"' }],
}));
const program = (name: string): PreviewReport['programs'][number] => ({
  program: name,
  stack: 'prod',
  resources: 400,
  changes,
  leftOut: 7,
  violations: [{ policy: 'tags', resource: 'aws:s3/bucket:Bucket b0', problem: `${name} has no owner` }],
  borne: [{ policy: 'probes', resource: 'x y', problem: 'p', reason: 'moves next week', until: '2026-12-31' }],
});
const report: PreviewReport = {
  schemaVersion: 1,
  base: { commit: 'main', problem: 'it did not run' },
  programs: [program('storage'), program('serving')],
};

test.each([3000, 8000, 30_000])('keeps within %i bytes, findings before changes', (maxChars) => {
  const text = renderPreview(report, { maxChars });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxChars);
  for (const name of ['storage', 'serving']) expect(text).toContain(`${name} has no owner`);
  expect(text).toContain('That commit could not be rendered, so that all is shown as added: it did not run');
  expect(text).toContain('borne until 2026-12-31');
  expect((text.match(/`````/g) ?? []).length % 2).toBe(0);
  expect((text.match(/<details>/g) ?? []).length).toBe((text.match(/<\/details>/g) ?? []).length);
});

test('what finds no room is counted', () => {
  expect(renderPreview(report, { maxChars: 30_000 })).toMatch(/\d{3} more lines: `npm run render` shows them all\./);
});

test('a report without findings passes', () => {
  const clean = report.programs.map((one) => ({ ...one, violations: [], changes: [] }));
  const text = renderPreview({ ...report, base: null, programs: clean as PreviewReport['programs'] });
  expect(text).toContain('✅ **pass**: 2 renderings, 0 findings of policies. Rendered without a cloud.');
  expect(text).toContain('400 resources, no change.');
});
