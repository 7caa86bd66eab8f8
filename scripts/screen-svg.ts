/** One cell of a terminal, colours resolved. */
export interface Cell {
  readonly text: string;
  /** Cells it takes: 2 for a wide character; 0 for the place behind one. */
  readonly width: number;
  /** `#rrggbb` */
  readonly colour: string;
  /** undefined where it is the screen's own. */
  readonly background: string | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

const cellWidth = 8.4;
const cellHeight = 18;
const margin = 12;
const fontSize = 14;

/**
 * Draws a terminal's cells as an SVG picture. Box lines, blocks and braille are drawn as shapes, so that they meet
 * whatever font shows the text. The same cells give the same bytes.
 */
export function screenSvg(rows: readonly (readonly Cell[])[], background: string): string {
  const columns = Math.max(0, ...rows.map(row => row.length));
  const width = number(columns * cellWidth + 2 * margin);
  const height = number(rows.length * cellHeight + 2 * margin);
  const body = rows.flatMap((row, y) => [...backgrounds(row, y), ...texts(row, y), ...shapes(row, y)]);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>siem monitor --demo</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    `<g transform="translate(${margin} ${margin})" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${fontSize}" xml:space="preserve">`,
    ...body,
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

function backgrounds(row: readonly Cell[], y: number): string[] {
  return runs(row, cell => cell.background).flatMap(({from, to, value}) =>
    value === undefined
      ? []
      : [rectangle(from * cellWidth, y * cellHeight, (to - from) * cellWidth, cellHeight, value)],
  );
}

function texts(row: readonly Cell[], y: number): string[] {
  const lookOf = (cell: Cell) =>
    isBlank(cell) || isShape(cell.text) ? undefined : `${cell.colour} ${cell.bold} ${cell.dim} ${cell.width > 1}`;
  return runs(row, lookOf).flatMap(({from, to, value}) => {
    const [first] = row.slice(from, to);
    if (value === undefined || !first) return [];
    const text = escaped(
      row
        .slice(from, to)
        .map(cell => cell.text)
        .join(''),
    );
    const weight = first.bold ? ' font-weight="bold"' : '';
    const faint = first.dim ? ' opacity="0.6"' : '';
    const length = number((to - from) * cellWidth);
    const at = `x="${number(from * cellWidth)}" y="${number((y + 0.76) * cellHeight)}"`;
    return [
      `<text ${at} textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${first.colour}"${weight}${faint}>${text}</text>`,
    ];
  });
}

function shapes(row: readonly Cell[], y: number): string[] {
  return row.flatMap((cell, x) => (isShape(cell.text) ? shapeOf(cell, x * cellWidth, y * cellHeight) : []));
}

/** Which arms a box character has, up, right, down, left: 1 light, 2 heavy. */
const boxArms: Readonly<Record<string, string>> = {
  '─': '0101',
  '│': '1010',
  '┌': '0110',
  '┐': '0011',
  '└': '1100',
  '┘': '1001',
  '├': '1110',
  '┤': '1011',
  '┬': '0111',
  '┴': '1101',
  '┼': '1111',
  '╭': '0110',
  '╮': '0011',
  '╰': '1100',
  '╯': '1001',
  '╴': '0001',
  '╶': '0100',
  '┈': '0101',
  '┊': '1010',
  '━': '0202',
  '┃': '2020',
  '┏': '0220',
  '┓': '0022',
  '┗': '2200',
  '┛': '2002',
};

const blocks = ' ▁▂▃▄▅▆▇█';
const leftBlocks = ' ▏▎▍▌▋▊▉';

function isShape(text: string): boolean {
  return (
    text in boxArms ||
    isBraille(text) ||
    (text !== ' ' && (blocks.includes(text) || leftBlocks.includes(text)) && text !== '')
  );
}

function isBraille(text: string): boolean {
  return /^[\u2801-\u28ff]$/.test(text);
}

function shapeOf(cell: Cell, left: number, top: number): string[] {
  const faint = cell.dim ? ' opacity="0.6"' : '';
  const arms = boxArms[cell.text];
  if (arms !== undefined) return [boxPath(cell, arms, left, top, faint)];
  if (isBraille(cell.text)) return [brailleDots(cell, left, top, faint)];
  const high = blocks.indexOf(cell.text);
  if (high > 0) {
    const height = (cellHeight * high) / 8;
    return [rectangle(left, top + cellHeight - height, cellWidth, height, cell.colour, faint)];
  }
  return [rectangle(left, top, (cellWidth * leftBlocks.indexOf(cell.text)) / 8, cellHeight, cell.colour, faint)];
}

function boxPath(cell: Cell, arms: string, left: number, top: number, faint: string): string {
  const [middleX, middleY] = [left + cellWidth / 2, top + cellHeight / 2];
  const ends = [
    [middleX, top],
    [left + cellWidth, middleY],
    [middleX, top + cellHeight],
    [left, middleY],
  ];
  const path = ends
    .filter((_, index) => arms[index] !== '0')
    .map(([x = 0, y = 0]) => `M${number(middleX)} ${number(middleY)}L${number(x)} ${number(y)}`)
    .join('');
  const dots = cell.text === '┈' || cell.text === '┊' ? ' stroke-dasharray="1.4 1.4"' : '';
  const weight = arms.includes('2') ? 2.2 : 1.1;
  return `<path d="${path}" stroke="${cell.colour}" stroke-width="${weight}" stroke-linecap="square"${dots}${faint}/>`;
}

/** Dots 1 to 8 by bit: column and row within the cell. */
const brailleBits = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;

function brailleDots(cell: Cell, left: number, top: number, faint: string): string {
  const bits = (cell.text.codePointAt(0) ?? 0) - 0x2800;
  const path = brailleBits
    .filter((_, bit) => bits & (1 << bit))
    .map(([x, y]) => `M${number(left + (x + 0.5) * (cellWidth / 2))} ${number(top + (y + 0.5) * (cellHeight / 4))}h0`)
    .join('');
  return `<path d="${path}" stroke="${cell.colour}" stroke-width="2.4" stroke-linecap="round"${faint}/>`;
}

function rectangle(x: number, y: number, width: number, height: number, colour: string, more = ''): string {
  return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" fill="${colour}"${more}/>`;
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly value: string | undefined;
}

/** Neighbouring cells that give the same value; the place behind a wide character belongs to it. */
function runs(row: readonly Cell[], look: (cell: Cell) => string | undefined): Run[] {
  const found: {from: number; to: number; value: string | undefined}[] = [];
  for (const [x, cell] of row.entries()) {
    const last = found.at(-1);
    const value = cell.width === 0 && last ? last.value : look(cell);
    if (last && last.value === value) last.to = x + 1;
    else found.push({from: x, to: x + 1, value});
  }
  return found;
}

function isBlank(cell: Cell): boolean {
  return cell.width > 0 && cell.text.trim() === '';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
