const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML: nothing in it can become a tag or an attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c] as string);

/** A table of text cells; numbers are aligned right. The first row is the head. */
export function htmlTable(rows: readonly (readonly (string | number)[])[]): string {
  const [head = [], ...body] = rows;
  const cell = (tag: string) => (value: string | number) =>
    `<${tag}${typeof value === 'number' || /^[-+]?[\d.,]+ ?\D{0,3}$/.test(value) ? ' class="n"' : ''}>${escapeHtml(String(value))}</${tag}>`;
  const row = (tag: string, cells: readonly (string | number)[]) => `<tr>${cells.map(cell(tag)).join('')}</tr>`;
  return `<table><thead>${row('th', head)}</thead><tbody>${body.map((r) => row('td', r)).join('')}</tbody></table>`;
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1000px; margin: 2rem auto; padding: 0 1rem }
h1 { margin-bottom: 0 } h2 { margin-top: 2.5rem; border-bottom: 1px solid #ddd } .charts { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0 } figcaption { color: #555; max-width: 440px } table { border-collapse: collapse } th, td { padding: .2rem .8rem .2rem 0; text-align: left }
th { border-bottom: 1px solid #999 } .n { text-align: right; font-variant-numeric: tabular-nums } code { font-size: 13px; word-break: break-all }`;

/** A self-contained page: no script, no link, no request. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body>${body}</body></html>
`;
}
