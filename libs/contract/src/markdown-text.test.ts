import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileTexts } from './fixtures/hostile-texts.ts';
import { decodeHtml, liveTexts, readMarkdown, textOfHtml } from './fixtures/read-markdown.ts';
import { markdownText } from './markdown-text.ts';
import { plainText } from './plain-text.ts';

const pieces = [
  ...[
    '@',
    '#',
    '1',
    'GH-1',
    'a',
    'http://',
    'https://a.b',
    'www.',
    'a.b',
    'a@b.c',
    'mailto:',
    ':tada:',
    ':+1:',
    'deadbeef1',
  ],
  ...[
    '[',
    ']',
    '(',
    ')',
    '!',
    '<',
    '>',
    '<b>',
    '<!--',
    '-->',
    '</td>',
    '&',
    '&amp;',
    '&#64;',
    '&#8203;',
    '\\',
    '|',
    '\n',
  ],
  ...[
    '`',
    '```',
    '*',
    '**',
    '_',
    '__',
    '~~',
    '~~~',
    '#',
    '- ',
    '+ ',
    '-',
    '--',
    '---',
    '=',
    '===',
    '1.',
    '1) ',
    '> ',
    '    ',
  ],
  ...[
    '[^1]',
    '[^1]:',
    '[x]',
    '[a]: b',
    '$',
    '$$',
    ' ',
    '\t',
    '\u200b',
    '\u202e',
    '\u0301',
    '\ud83d',
    '🛫',
    ':-:',
    '|-|',
    '\u0000',
  ],
];
const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom(...hostileTexts.map((text) => text.slice(0, 150))) },
);
const table = (cell: string) => `| a | b |\n| --- | --- |\n| ${cell} | ${cell} |\n`;
const cells =
  /^<table>\n<thead>\n<tr>\n<th>a<\/th>\n<th>b<\/th>\n<\/tr>\n<\/thead>\n<tbody>\n<tr>\n<td>([^<]*)<\/td>\n<td>([^<]*)<\/td>\n<\/tr>\n<\/tbody>\n<\/table>\n?$/;

/** The text as people see it. */
const seen = (html: string | undefined) => decodeHtml(html ?? '<absent>').replaceAll('\u200b', '');

/** Whether the text is all that a paragraph shows, alone and as its second line. */
function expectParagraph(text: string): void {
  const plain = plainText(text, 100_000);
  const markdown = markdownText(text, 100_000);
  const alone = /^<p>([^<]*)<\/p>$/.exec(readMarkdown(markdown));
  const after = /^<p>x(?:\n([^<]*))?<\/p>\n?$/.exec(readMarkdown(`x\n${markdown}`));
  expect(seen(plain === '' ? '' : alone?.[1])).toBe(plain);
  expect(seen(plain === '' ? '' : after?.[1])).toBe(plain);
}

test('ordinary text is hardly touched', () => {
  for (const text of ['carrier EV', 'AUC 0.7461, at most 0.05 (worse).', '-0.5', '0.08', "it's 12 ms", 'flight-delay'])
    expect(markdownText(text)).toBe(text);
  expect(markdownText('dep_delay')).toBe('dep&#95;delay');
});

describe('any text at all', () => {
  test('is text and nothing else in a cell of a table, none of it lost', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [, first, second] = cells.exec(readMarkdown(table(markdownText(text, 100_000)))) ?? [];
        expect(seen(first)).toBe(plainText(text, 100_000));
        expect(second).toBe(first);
      }),
      { numRuns: 800 },
    );
  });

  test('is text and nothing else in a paragraph of its own, and after another line', () => {
    fc.assert(fc.property(anyText, expectParagraph), { numRuns: 800 });
  });

  test('holds nothing that GitHub makes something of afterwards', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(textOfHtml(readMarkdown(markdownText(text)))).not.toMatch(liveTexts);
      }),
      { numRuns: 800 },
    );
  });

  test('takes no more bytes than it may, and is never cut inside a reference', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 60 }), (text, maxBytes) => {
        const markdown = markdownText(text, maxBytes);
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(maxBytes);
        const shown = seen(/^<p>([^<]*)<\/p>$/.exec(readMarkdown(`x${markdown}`))?.[1]).slice(1);
        expect(plainText(text).startsWith(shown.replace(/…$/, ''))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

test('what GitHub would link, mention or draw is broken by a character that shows nothing', () => {
  const broken = ['@octocat', '#1', 'GH-1', 'https://a.b', 'www.a.b', 'a@b.c', ':tada:', '9f8e7d6c5b'];
  for (const text of broken) {
    expect(text).toMatch(liveTexts);
    expect(markdownText(text)).toContain('&#8203;');
  }
});

test('what means something at the start of a line means nothing', () => {
  const starts = [
    '=',
    '===',
    '-',
    '--',
    '---',
    '- a',
    '- - -',
    '-:',
    ':-:',
    ':--',
    '--|--',
    '+',
    '+ a',
    '1.',
    '1. a',
    '12) a',
  ];
  for (const text of [
    ...starts,
    '> a',
    '# a',
    '* a',
    '* * *',
    '_ _ _',
    '~~~',
    '```',
    '    a',
    '<b>',
    '[a]: b',
    '[^1]: b',
  ])
    expectParagraph(text);
});

test('the decimals of a number are left alone, what looks like a digest of a commit is not', () => {
  expect(markdownText('gain 0.00006037 (0.123456789 to 1.5)')).toBe('gain 0.00006037 (0.123456789 to 1.5)');
  expect(markdownText('see 0.deadbeef1 and 12345678')).not.toMatch(/deadbeef1|12345678/);
});
