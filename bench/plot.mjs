// Horizontal bars with their spread, as an SVG that is read in light and in dark.

const WIDTH = 760;
const LABEL = 250; // left of the bars
const VALUE = 176; // right of them
const ROW = 26;
const BAR = 14;
const STYLE = `
  .paper { fill: #ffffff } .title, .label, .value { fill: #1f2328 } .panel, .tick { fill: #59636e }
  .grid { stroke: #d8dee4 } .axis { stroke: #818b98 } .bar { fill: #2f6fbd } .reference { fill: #a8b1bb } .whisker { stroke: #1f2328 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .title, .label, .value { fill: #f0f6fc } .panel, .tick { fill: #9198a1 }
    .grid { stroke: #2a313c } .axis { stroke: #656c76 } .bar { fill: #4a8fe0 } .reference { fill: #59636e } .whisker { stroke: #f0f6fc }
  }
  text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 13px }
  .title { font-size: 15px; font-weight: 600 } .tick { font-size: 11px }`;

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Ends and steps of an axis from 0 that holds the greatest value: steps of 1, 2 or 5 with any number of zeros. */
function axis(greatest) {
  const rough = greatest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= rough);
  return { step, end: Math.ceil(greatest / step) * step };
}

/** Three digits, and all of those that stand before the point. */
const number = (value) => (value < 100
  ? String(Number(value.toPrecision(3)))
  : Math.round(value).toLocaleString('en'));

/**
 * @param title one line
 * @param panels each {name, bars}: bars that share an axis, which begins at 0
 * @param panels.bars each {label, values, reference}: the median is drawn, with a whisker from the least to the greatest;
 *     a reference is not ours to be proud of and is drawn in grey
 */
export function plot(title, panels) {
  const parts = [];
  let y = 34;
  for (const { name, bars } of panels) {
    const { step, end } = axis(Math.max(...bars.flatMap((bar) => bar.values)));
    const x = (value) => (LABEL + (value / end) * (WIDTH - LABEL - VALUE)).toFixed(1);
    parts.push(`<text class="panel" x="16" y="${y + 16}">${escape(name)}</text>`);
    const top = y + 26;
    const bottom = top + bars.length * ROW;
    for (let i = 0; i * step <= end * 1.001; i++) {
      const at = x(i * step);
      parts.push(`<line class="${i === 0 ? 'axis' : 'grid'}" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/>`,
        `<text class="tick" x="${at}" y="${bottom + 14}" text-anchor="middle">${(i * step).toLocaleString('en')}</text>`);
    }
    bars.forEach(({ label, values, reference }, i) => {
      const sorted = [...values].sort((a, b) => a - b);
      const middle = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
      const [least, greatest] = [x(sorted[0]), x(sorted.at(-1))];
      const centre = top + i * ROW + ROW / 2;
      parts.push(`<text class="label" x="${LABEL - 10}" y="${centre + 4.5}" text-anchor="end">${escape(label)}</text>`,
        `<rect class="${reference ? 'reference' : 'bar'}" x="${LABEL}" y="${centre - BAR / 2}" width="${(x(middle) - LABEL).toFixed(1)}" height="${BAR}"/>`,
        `<path class="whisker" fill="none" stroke-width="1.5" d="M${least} ${centre - 4}v8M${least} ${centre}H${greatest}M${greatest} ${centre - 4}v8"/>`,
        `<text class="value" x="${WIDTH - VALUE + 14}" y="${centre + 4.5}">${number(middle)} (${number(sorted[0])}–${number(sorted.at(-1))})</text>`);
    });
    y = bottom + 26;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<title>${escape(title)}</title>
<style>${STYLE}
</style>
<rect class="paper" width="100%" height="100%"/>
<text class="title" x="16" y="26">${escape(title)}</text>
${parts.join('\n')}
</svg>
`;
}
