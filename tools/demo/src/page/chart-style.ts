/** Colours on light and on dark ground. Every figure is told by its place or its text as well. */
const grounds = {
  light: { ink: '#1d2430', one: '#1f5aa6', two: '#b26a00', bad: '#b3261e', good: '#1b7f4d' },
  dark: { ink: '#dde3ec', one: '#7db1ff', two: '#f0b35a', bad: '#ff8a80', good: '#6fd6a3' },
} as const;

function coloured({ ink, ...looks }: (typeof grounds)[keyof typeof grounds]): string {
  const rules = Object.entries(looks).map(
    ([look, colour]) => `.chart .${look} { fill: ${colour} } .chart .line-${look} { stroke: ${colour} }`,
  );
  return `.chart { color: ${ink} } .chart text { fill: ${ink} } .chart .band { fill: ${looks.one} } .chart .axis, .chart .grid { stroke: ${ink} } ${rules.join(' ')} .chart text.bad { fill: ${looks.bad} }`;
}

/** Style of every picture: inside the page and in a file of its own. */
const chartStyle = `
.chart { font: 12px system-ui, sans-serif } .chart .soft { opacity: .62 } .chart .strong { font-weight: 600 }
.chart .axis { stroke-opacity: .35 } .chart .grid { stroke-opacity: .12 } .chart .thick { stroke-width: 2.5 } .chart .dash { stroke-dasharray: 5 4 } .chart .band { opacity: .1 }
${coloured(grounds.light)}
@media (prefers-color-scheme: dark) { ${coloured(grounds.dark)} }`;

/** A picture as SVG that holds its own style; `about` is what a screen reader says. */
export function svg(width: number, height: number, about: string, content: string): string {
  return `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${about}"><style>${chartStyle}</style>${content}</svg>`;
}

/** A coordinate with a tenth of a pixel. */
export const px = (value: number): string => value.toFixed(1);
