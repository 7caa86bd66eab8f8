import {isElement, type TypedValue, type XmlElement, type XmlNode} from './event-tree.ts';

/** An event as the XML that `wevtutil` and `evtxexport` show, indented by two spaces, ending with a new line. */
export function eventXml(nodes: readonly XmlNode[]): string {
  return nodes.map(node => (isElement(node) ? elementXml(node, '') : '')).join('');
}

function elementXml(element: XmlElement, indent: string): string {
  const {name, attributes, children} = element;
  const start = `${indent}<${name}${attributes.map(attributeXml).join('')}`;
  if (children.length === 0) return `${start}/>\n`;
  if (!children.some(isElement)) return `${start}>${children.map(textXml).join('')}</${name}>\n`;
  const inner = children.map(child => (isElement(child) ? elementXml(child, `${indent}  `) : lineXml(child, indent)));
  return `${start}>\n${inner.join('')}${indent}</${name}>\n`;
}

function attributeXml([name, {value}]: readonly [string, TypedValue]): string {
  return ` ${name}="${escaped(String(value)).replaceAll('"', '&quot;')}"`;
}

/** Text beside elements; the white space between them is that of the indentation. */
function lineXml(node: TypedValue, indent: string): string {
  const text = escaped(String(node.value)).trim();
  return text === '' ? '' : `${indent}  ${text}\n`;
}

function textXml(node: XmlNode): string {
  return isElement(node) ? '' : escaped(String(node.value));
}

const escapes: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;'};

function escaped(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/[&<>]/g, character => escapes[character] as string) : text;
}
