import type {FieldValue} from '../../../event/event.ts';
import {isElement, type TypedValue, type XmlElement, type XmlNode} from './event-tree.ts';
import {Types} from './values.ts';

type Json = FieldValue | null | readonly Json[] | {readonly [name: string]: Json};
type JsonObject = Record<string, Json>;

/**
 * An event in the JSON that tools for these files share: attributes as `#attributes`, text beside them as `#text`, and
 * `<Data Name="x">y</Data>` as `"x": "y"`. Numbers and truth values stay such; an element without content is null.
 */
export function eventJson(nodes: readonly XmlNode[]): Json {
  return children(nodes.filter(isElement));
}

function children(elements: readonly XmlElement[]): JsonObject {
  const made: JsonObject = Object.create(null);
  const unnamed = elements.filter(isUnnamedData);
  for (const element of elements) {
    if (unnamed.length > 1 && isUnnamedData(element)) made[element.name] = {'#text': unnamed.map(content)};
    else made[freeName(made, nameOf(element))] = content(element);
  }
  return made;
}

function isUnnamedData(element: XmlElement): boolean {
  return element.name === 'Data' && element.attributes.length === 0;
}

function nameOf(element: XmlElement): string {
  return dataName(element) ?? element.name;
}

function dataName({name, attributes}: XmlElement): string | undefined {
  const [first] = attributes;
  return name === 'Data' && first?.[0] === 'Name' && attributes.length === 1 ? String(first[1].value) : undefined;
}

/** Elements of one name are numbered from the second: `Item`, `Item_1`. */
function freeName(made: JsonObject, name: string): string {
  if (!(name in made)) return name;
  let number = 1;
  while (`${name}_${number}` in made) number++;
  return `${name}_${number}`;
}

function content(element: XmlElement): Json {
  const inner = element.children.filter(isElement);
  const values = element.children.filter((child): child is TypedValue => !isElement(child));
  const value = textOf(values);
  const named = dataName(element) !== undefined;
  if (element.attributes.length === 0 || named) return inner.length === 0 ? value : {...children(inner)};
  const attributes: JsonObject = {};
  for (const [name, typed] of element.attributes) attributes[name] = jsonValue(typed);
  const made: JsonObject = {'#attributes': attributes};
  if (value !== null && inner.length === 0) made['#text'] = value;
  return Object.assign(made, children(inner));
}

function textOf(values: readonly TypedValue[]): Json {
  const [only] = values;
  if (!only) return null;
  return values.length === 1 ? jsonValue(only) : values.map(value => String(jsonValue(value))).join('');
}

/** GUIDs are without their braces there, and times end at the microsecond. */
function jsonValue({value, type}: TypedValue): FieldValue {
  if (typeof value !== 'string') return value;
  if (type === Types.guid) return value.replace(/^\{|\}$/g, '');
  return type === Types.fileTime ? value.replace(/(\.\d{6})\d+Z$/, '$1Z') : value;
}
