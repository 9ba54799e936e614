const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML: nothing in it can become a tag or an attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c] as string);

type Cell = string | number;

/** A number as tables show it, with a unit or as an interval, or the dash of an absent one. */
const isNumeric = (cell: Cell | undefined) =>
  typeof cell === 'number' || cell === undefined || /^$|^-$|^[-+]?[\d.,]+( [a-zA-Z%]+| \[.*\])?$/.test(cell);

/**
 * A table of text cells, the first row its head. A column whose every cell below the head is a number or empty is aligned right.
 * `rowClass` names the class of a row below the head by its index, from 0; the name is ours, not escaped.
 */
export function htmlTable(rows: readonly (readonly Cell[])[], rowClass?: (index: number) => string): string {
  const [head = [], ...body] = rows;
  const right = head.map((_, column) => body.every((cells) => isNumeric(cells[column])));
  const row = (tag: 'th' | 'td', cells: readonly Cell[], start = '<tr>') =>
    `${start}${cells.map((cell, i) => `<${tag}${right[i] ? ' class="n"' : ''}>${escapeHtml(String(cell))}</${tag}>`).join('')}</tr>`;
  const start = (index: number) => (rowClass === undefined ? '<tr>' : `<tr class="${rowClass(index)}">`);
  const lines = body.map((cells, index) => row('td', cells, start(index)));
  return `<table><thead>${row('th', head)}</thead><tbody>${lines.join('')}</tbody></table>`;
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1000px; margin: 2rem auto; padding: 0 1rem }
h1 { margin-bottom: 0 } h2 { margin-top: 2.5rem; border-bottom: 1px solid #ddd }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(440px, 1fr)); gap: 1.5rem 1rem; margin-top: 2rem }
figure { margin: 0 } figure svg { max-width: 100%; height: auto } figcaption { color: #555; max-width: 440px }
table { border-collapse: collapse } th, td { padding: .2rem .8rem .2rem 0; text-align: left } th { border-bottom: 1px solid #999 }
.n { text-align: right; font-variant-numeric: tabular-nums }`;

/** A self-contained page: no script, no link, no request. `body` is HTML; `moreStyle` is CSS besides what every page has. */
export function htmlPage(title: string, body: string, moreStyle = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${style}${moreStyle}</style></head>
<body>${body}</body></html>
`;
}
