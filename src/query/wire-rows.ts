import {wireDatasets} from '../event/wire-row.ts';
import type {Expression} from './expression.ts';

/** What is true of stored log rows that `isWireRow` is true of. */
export const wireRows: Expression = {
  type: 'field',
  name: 'event.dataset',
  comparison: '=',
  value: 'zeek.*',
  alternatives: ['suricata.*', ...wireDatasets],
  ...{quoted: false, at: 0, end: 0},
};

export const otherRows: Expression = {type: 'not', term: wireRows};
