import {sanitize} from '../../../../event/sanitize.ts';
import type {WindowsEntry} from '../windows-entry.ts';
import {elementsOf, parseElement, textOf, type XmlElement} from './xml-element.ts';

const dataPrefix = 'winlog.event_data.';
const renderingPrefix = 'winlog.rendering_info.';
const longestName = 256;

/**
 * Fills an entry, new or reset, with what the XML of one event says, by the names that the event would have if it were
 * read from a file. False where it is no event.
 */
export function readEventXml(xml: string, entry: WindowsEntry): boolean {
  const event = parseElement(xml);
  if (event?.name !== 'Event') return false;
  for (const section of elementsOf(event)) readSection(section, entry);
  entry.finish();
  return true;
}

function readSection(section: XmlElement, entry: WindowsEntry): void {
  switch (section.name) {
    case 'System':
      for (const element of elementsOf(section)) readSystem(element, entry);
      return;
    case 'EventData':
      readData(section, entry);
      return;
    case 'UserData':
      // Its one child is a wrapper, whose name says no more than provider and id do.
      for (const wrapper of elementsOf(section)) readLeaves(wrapper, dataPrefix, entry);
      return;
    case 'RenderingInfo':
      readLeaves(section, renderingPrefix, entry);
      return;
    default:
      readLeaves(section, dataPrefix, entry);
  }
}

function readSystem(element: XmlElement, entry: WindowsEntry): void {
  const name = nameOf(element.name);
  for (const attribute of element.attributes) {
    entry.system(`${name}_${nameOf(attribute.name)}`, sanitize(attribute.value));
  }
  const text = textOf(element);
  if (text !== '') entry.system(name, sanitize(text));
}

function readData(section: XmlElement, entry: WindowsEntry): void {
  const elements = elementsOf(section);
  const text = elements.length === 0 ? textOf(section) : '';
  // Text where elements were expected is data all the same.
  if (/\S/.test(text)) entry.positional(sanitize(text));
  for (const element of elements) {
    const name = element.attributes.find(attribute => attribute.name === 'Name')?.value;
    if (name) readContent(element, dataPrefix + nameOf(name), entry);
    else if (element.name === 'Data') entry.positional(sanitize(textOf(element)));
    // Written for every event of the old kind, mostly for nothing.
    else if (element.name !== 'Binary' || element.children.length > 0) readLeaf(element, dataPrefix, entry);
  }
}

function readLeaves(section: XmlElement, prefix: string, entry: WindowsEntry): void {
  for (const element of elementsOf(section)) readLeaf(element, prefix, entry);
}

function readLeaf(element: XmlElement, prefix: string, entry: WindowsEntry): void {
  const path = prefix + nameOf(element.name);
  for (const {name, value} of element.attributes) entry.fields.add(`${path}.${nameOf(name)}`, sanitize(value));
  readContent(element, path, entry);
}

function readContent(element: XmlElement, path: string, entry: WindowsEntry): void {
  const elements = elementsOf(element);
  if (elements.length === 0) entry.fields.add(path, sanitize(textOf(element)));
  for (const inner of elements) readLeaf(inner, `${path}.`, entry);
}

/** Names as rules write them: "Threat Name" is `ThreatName`. */
function nameOf(name: string): string {
  return sanitize(name.slice(0, longestName).replaceAll(' ', ''));
}
