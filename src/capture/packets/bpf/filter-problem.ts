import {QueryError} from '../../../query/expression.ts';
import {renderQueryError} from '../../../query/render-error.ts';
import {compileFilter} from './compile.ts';

/**
 * What is wrong with a filter whatever it is used on, shown with a caret under the place; undefined where nothing is.
 *
 * @example
 * filterProblem('host 10.0.0.1/8');
 * // host 10.0.0.1/8
 * //      ^
 * // Expected the bits that the mask leaves out to be 0, got 10.0.0.1/8.
 */
export function filterProblem(text: string): string | undefined {
  try {
    compileFilter(text, 'ethernet');
    return undefined;
  } catch (error) {
    if (error instanceof QueryError) return renderQueryError(text, error);
    throw error;
  }
}
