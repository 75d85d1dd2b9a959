// What a terminal shows (`tmux capture-pane -e -p`) as a page: SGR of ECMA-48 §8.3.117 with 16 and 256 colours.

const basic = [
  '#0d1117',
  '#ff7b72',
  '#3fb950',
  '#d29922',
  '#58a6ff',
  '#bc8cff',
  '#39c5cf',
  '#b1bac4',
  '#6e7681',
  '#ffa198',
  '#56d364',
  '#e3b341',
  '#79c0ff',
  '#d2a8ff',
  '#56d4dd',
  '#f0f6fc',
];

/** Colour of an index of the 256-colour palette. */
function indexed(index) {
  if (index < 16) return basic[index];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const level = (step) => (step === 0 ? 0 : 55 + step * 40);
  const rest = index - 16;
  return `rgb(${level(Math.floor(rest / 36))},${level(Math.floor(rest / 6) % 6)},${level(rest % 6)})`;
}

const marks = {
  0: () => ({}),
  1: (style) => ({ ...style, bold: true }),
  2: (style) => ({ ...style, dim: true }),
  4: (style) => ({ ...style, line: true }),
  7: (style) => ({ ...style, reverse: true }),
  22: (style) => ({ ...style, bold: false, dim: false }),
  24: (style) => ({ ...style, line: false }),
  27: (style) => ({ ...style, reverse: false }),
  39: (style) => ({ ...style, ink: undefined }),
  49: (style) => ({ ...style, ground: undefined }),
};

/** Place in `basic` that a code of the 16 colours means; -1: it is none. */
function basicIndex(code) {
  const low = code % 10;
  if (low > 7) return -1;
  const tens = Math.floor(code / 10);
  if (tens === 3 || tens === 4) return low;
  return tens === 9 || tens === 10 ? 8 + low : -1;
}

const isGround = (code) => (code >= 40 && code <= 48) || code >= 100;

/** Style after the parameters of one sequence. */
function after(style, params) {
  let next = style;
  for (let i = 0; i < params.length; i++) {
    const code = params[i];
    const isIndexed = (code === 38 || code === 48) && params[i + 1] === 5;
    const colour = isIndexed ? indexed(params[i + 2]) : basic[basicIndex(code)];
    if (isIndexed) i += 2;
    if (marks[code] !== undefined) next = marks[code](next);
    else if (colour !== undefined) next = { ...next, [isGround(code) ? 'ground' : 'ink']: colour };
  }
  return next;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Fonts that stand in for a missing glyph have other widths: whatever is beyond Latin-1 gets a cell of its own. */
const inCells = (text) => escaped(text).replace(/[\u0100-\uffff]/g, '<b>$&</b>');

function span(text, { ink = '#e6edf3', ground = 'transparent', bold, dim, line, reverse }) {
  const [front, back] = reverse ? [ground === 'transparent' ? '#0d1117' : ground, ink] : [ink, ground];
  const css = `color:${front};background:${back};${bold ? 'font-weight:bold;' : ''}${dim ? 'opacity:.65;' : ''}${line ? 'text-decoration:underline;' : ''}`;
  return `<span style="${css}">${inCells(text)}</span>`;
}

/** A page with one `pre`. */
export function ansiPage(text) {
  let style = {};
  const parts = text.trimEnd().split(/\u001b\[([0-9;]*)m/);
  const spans = parts.map((part, i) => {
    if (i % 2 === 0) return part === '' ? '' : span(part, style);
    style = after(style, part === '' ? [0] : part.split(';').map(Number));
    return '';
  });
  return `<!doctype html><meta charset="utf-8"><style>b{display:inline-block;width:1ch;height:17px;overflow:hidden;vertical-align:top;font-weight:inherit}</style><body style="margin:0;background:#0d1117"><pre style="display:inline-block;margin:0;padding:12px 14px;background:#0d1117;font:13px/17px 'DejaVu Sans Mono',monospace">${spans.join('')}</pre>`;
}
