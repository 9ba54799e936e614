import { plainText } from './plain-text.ts';

const breaker = '\u200b';

/**
 * Where GitHub makes something of plain text after Markdown has been read, so that no escape helps: a zero-width space goes in, which shows nothing and
 * joins nothing. Mentions and mail addresses, issue numbers, addresses and emoji names, `www.`, tickets such as GH-1, and digests of commits.
 */
const breakable: readonly [RegExp, string][] = [
  [/[@#:](?=\S)/g, `$&${breaker}`],
  [/www(?=\.)/gi, `$&${breaker}`],
  [/(?<=[A-Za-z])-(?=\d)/g, `$&${breaker}`],
  // The decimals of a number are none.
  [/(?<![0-9A-Za-z])(?!(?<=\d\.)\d+(?![0-9A-Za-z]))[0-9a-f]{7,}(?![0-9A-Za-z])/gi, ''],
];

const breakRun = (run: string): string => (run.match(/.{1,6}/g) ?? []).join(breaker);

const withBreaks = (text: string): string =>
  breakable.reduce(
    (broken, [pattern, replacement]) =>
      replacement === '' ? broken.replace(pattern, breakRun) : broken.replace(pattern, replacement),
    text,
  );

const special = /[\\`*_[\]<>&|~$@#]|\u200b/;
/** What would begin a list, or make a heading or a table of the line above, where the text stands first on its line. */
const special1st = /^(?:[-+](?=[\s:-]|$)|=|\d+[.)](?=\s|$))/;

const asReference = (c: string): string => `&#${c.codePointAt(0)};`;

/**
 * A text from outside as Markdown for GitHub, in a table's cell or in a paragraph: it becomes no link, mention, issue, image, heading, code, HTML or emoji, and
 * breaks no table. Numeric references rather than backslashes, since a reference never marks structure, not even `|` in a table.
 * The answer takes at most `maxBytes` of UTF-8 (default 2000), the ellipsis of a cut text included.
 */
export function markdownText(text: string, maxBytes = 2000): string {
  const broken = withBreaks(plainText(text, maxBytes));
  // Only the last character of a list's `12.` is what makes it one.
  const first = (special1st.exec(broken)?.[0].length ?? 0) - 1;
  const pieces = Array.from(broken, (c, i) => (i === first || special.test(c) ? asReference(c) : c));
  const ellipsisBytes = 3;
  const kept: string[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    bytes += Buffer.byteLength(piece);
    if (bytes > maxBytes) break;
    kept.push(piece);
  }
  if (kept.length === pieces.length) return kept.join('');
  let room = maxBytes - Buffer.byteLength(kept.join(''));
  while (room < ellipsisBytes && kept.length > 0) room += Buffer.byteLength(kept.pop() as string);
  return room < ellipsisBytes ? '' : `${kept.join('')}…`;
}
