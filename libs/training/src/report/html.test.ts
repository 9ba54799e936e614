import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeHtml, htmlPage, htmlTable } from './html.ts';

test('hostile text stays text in a cell and in the title', () => {
  const hostile = `</td><script>alert("x")</script><img src=x onerror='y'>&amp;`;
  const page = htmlPage(hostile, htmlTable([['value'], [hostile]]));
  expect(page).not.toMatch(/<script|<img/);
  expect(page.match(/&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;/g)).toHaveLength(2);
  expect(page).toContain('onerror=&#39;y&#39;&gt;&amp;amp;');
});

test('escaped text has no character that HTML reads, and loses none', () => {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", ';', 'a', 'amp', 'é') }), (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>"']/);
      expect(escaped.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => names[name] as string)).toBe(text);
    }),
  );
});

test('numbers are aligned by column, so that a text that begins with a digit stays with the other texts', () => {
  const table = htmlTable([
    ['carrier', 'rows', 'gain'],
    ['9E', 12, '0.10 [0.05, 0.15]'],
    ['UA', 345, '-'],
  ]);
  expect(table).toContain('<th>carrier</th><th class="n">rows</th><th class="n">gain</th>');
  expect(table).toContain('<td>9E</td><td class="n">12</td><td class="n">0.10 [0.05, 0.15]</td>');
  expect(table).toContain('<td>UA</td><td class="n">345</td><td class="n">-</td>');
});
