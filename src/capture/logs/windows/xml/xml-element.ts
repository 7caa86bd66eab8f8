import {deepestElement} from './event-splitter.ts';
import {passageEnd, tagEnd} from './tag-end.ts';

export interface XmlElement {
  /** Without a namespace's prefix. */
  readonly name: string;
  /** Without those that declare namespaces. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly (XmlElement | string)[];
}

export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
}

interface OpenElement extends XmlElement {
  readonly tagName: string;
  readonly children: (XmlElement | string)[];
}

const mostElements = 4096;
const mostAttributes = 64;

/** The tree of one element that is all of `xml`, or undefined where it is none, or larger than any of Windows'. */
export function parseElement(xml: string): XmlElement | undefined {
  const open: OpenElement[] = [];
  let elements = 0;
  for (let at = 0; at < xml.length; ) {
    const start = xml.indexOf('<', at);
    if (start < 0) return undefined;
    if (start > at) open.at(-1)?.children.push(unescaped(xml.slice(at, start)));
    const passage = passageEnd(xml, start);
    if (typeof passage === 'number') {
      if (xml.startsWith('<![CDATA[', start)) open.at(-1)?.children.push(xml.slice(start + 9, passage - 3));
      at = passage;
      continue;
    }
    const end = passage ?? tagEnd(xml, start);
    if (typeof end !== 'number' || ++elements > mostElements * 2 || open.length > deepestElement) return undefined;
    at = end + 1;
    const inner = xml.slice(start + 1, end);
    const closed = inner.startsWith('/') ? close(open, inner.slice(1).trim()) : begin(open, inner);
    if (closed === 'broken') return undefined;
    if (closed && open.length === 0) return at === xml.length ? closed : undefined;
  }
  return undefined;
}

/** The text of an element, without that of elements in it. */
export function textOf({children}: XmlElement): string {
  const [only] = children;
  if (children.length === 1 && typeof only === 'string') return only;
  return children.filter(child => typeof child === 'string').join('');
}

export function elementsOf({children}: XmlElement): readonly XmlElement[] {
  return children.filter(child => typeof child !== 'string');
}

function close(open: OpenElement[], name: string): XmlElement | 'broken' {
  const element = open.pop();
  return element?.tagName === name ? element : 'broken';
}

/** The element where its tag closes it too. */
function begin(open: OpenElement[], tag: string): XmlElement | 'broken' | undefined {
  const isWhole = tag.endsWith('/');
  const text = isWhole ? tag.slice(0, -1) : tag;
  const tagName = /^\S+/.exec(text)?.[0];
  if (tagName === undefined) return 'broken';
  const attributes = readAttributes(text.slice(tagName.length));
  if (!attributes) return 'broken';
  const element: OpenElement = {tagName, name: local(tagName), attributes, children: []};
  open.at(-1)?.children.push(element);
  if (isWhole) return element;
  open.push(element);
  return undefined;
}

function readAttributes(text: string): readonly XmlAttribute[] | undefined {
  const attributes: XmlAttribute[] = [];
  const one = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  let end = 0;
  for (let found = one.exec(text); found; found = one.exec(text)) {
    end = one.lastIndex;
    const [, name = '', double, single] = found;
    if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
    if (attributes.push({name: local(name), value: unescaped(double ?? single ?? '')}) > mostAttributes)
      return undefined;
  }
  return text.slice(end).trim() === '' ? attributes : undefined;
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const characters: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** What names no character stays as it stands. */
function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return characters.get(name) ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
