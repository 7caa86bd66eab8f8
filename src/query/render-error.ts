import {cellWidth} from '../event/cell-width.ts';
import {sanitizeLine} from '../event/sanitize.ts';
import type {QueryError} from './expression.ts';

/**
 * Shows a wrong expression with a caret under the character that is wrong, and the reason below. A long expression is
 * shown in part, so that the caret stays in sight.
 *
 * @example
 * source:ssh (level>=warning
 *            ^
 * Expected a closing ) for the one here
 */
export function renderQueryError(text: string, error: QueryError): string {
  const at = Math.min(error.at, text.length);
  const from = at > reach ? at - reach : 0;
  const shown = sanitizeLine(text.slice(from, from + 2 * reach));
  // A sanitised text has the same length as the original: each unsafe character became one glyph.
  const caret = ' '.repeat(cellWidth(shown.slice(0, at - from)));
  return `${shown}\n${caret}^\n${sanitizeLine(error.message)}`;
}

const reach = 50;
