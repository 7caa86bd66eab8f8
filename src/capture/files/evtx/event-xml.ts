import {isElement, type TypedValue, type XmlElement, type XmlNode} from './event-tree.ts';
import {Types} from './values.ts';

/** An event as the XML that `wevtutil` and `evtxexport` show, indented by two spaces, ending with a new line. */
export function eventXml(nodes: readonly XmlNode[]): string {
  return nodes.map(node => (isElement(node) ? elementXml(node, '') : '')).join('');
}

function elementXml(element: XmlElement, indent: string): string {
  if (element.absent) return '';
  const {name, attributes} = element;
  const children = element.children.filter(child => !isElement(child) || !child.absent);
  const start = `${indent}<${name}${attributes.map(attributeXml).join('')}`;
  if (!children.some(isElement)) {
    const text = children.map(textXml).join('');
    return text === '' ? `${start}/>\n` : `${start}>${text}</${name}>\n`;
  }
  const inner = children.map(child => (isElement(child) ? elementXml(child, `${indent}  `) : lineXml(child, indent)));
  return `${start}>\n${inner.join('')}${indent}</${name}>\n`;
}

function attributeXml([name, value]: readonly [string, TypedValue]): string {
  return ` ${name}="${escaped(written(value)).replaceAll('"', '&quot;')}"`;
}

const hexDigits: Readonly<Record<number, number>> = {[Types.hexInt32]: 8, [Types.hexInt64]: 16};

/** Hexadecimal numbers have all their digits, as evtxexport writes them; wevtutil leaves the zeros in front out. */
function written({value, type}: TypedValue): string {
  const digits = hexDigits[type];
  const text = String(value);
  return digits === undefined || !text.startsWith('0x') ? text : `0x${text.slice(2).padStart(digits, '0')}`;
}

/** Text beside elements; the white space between them is that of the indentation. */
function lineXml(node: TypedValue, indent: string): string {
  const text = escaped(written(node)).trim();
  return text === '' ? '' : `${indent}  ${text}\n`;
}

function textXml(node: XmlNode): string {
  return isElement(node) ? '' : escaped(written(node));
}

const escapes: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;'};

function escaped(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/[&<>]/g, character => escapes[character] as string) : text;
}
