import type {Size} from './pane.ts';
import type {PaneId, ViewState} from './view-state.ts';

/** The smallest terminal that shows anything but a request for a larger one. */
export const smallest: Size = {width: 80, height: 24};

/**
 * How the body of the screen is divided. `rows`: Alerts and Logs above each other over the full width, Packets and
 * Charts below side by side. `grid`: two by two.
 */
export type Layout =
  | {readonly type: 'too-small'}
  | {readonly type: 'whole'; readonly shows: 'startup' | 'help' | 'details' | PaneId}
  | {readonly type: 'rows' | 'grid'; readonly corner: 'charts' | 'sources'};

/** What the shell is drawn from: it is rendered only when one of these changes. */
export interface ShellModel {
  readonly size: Size;
  readonly layout: Layout;
  readonly focus: PaneId;
  /** Keys named in the footer, or nothing while a prompt or a message stands there. */
  readonly footer: readonly {readonly key: string; readonly label: string}[] | undefined;
}

const gridFrom = 150;
const manyFrom: Size = {width: 100, height: 30};

export function layoutOf(view: ViewState, size: Size, startingUp: boolean): Layout {
  if (size.width < smallest.width || size.height < smallest.height) return {type: 'too-small'};
  if (view.help) return {type: 'whole', shows: 'help'};
  if (startingUp) return {type: 'whole', shows: 'startup'};
  if (view.details.length > 0) return {type: 'whole', shows: 'details'};
  if (view.enlarged || size.width < manyFrom.width || size.height < manyFrom.height) {
    return {type: 'whole', shows: view.focus};
  }
  return {type: size.width >= gridFrom ? 'grid' : 'rows', corner: view.focus === 'sources' ? 'sources' : 'charts'};
}
