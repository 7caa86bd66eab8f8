export type ScrollAction =
  | 'down'
  | 'up'
  | 'page-down'
  | 'page-up'
  | 'half-down'
  | 'half-up'
  | 'first'
  | 'last'
  | 'follow';

/** How far an action moves, in lines; negative is up. */
export function distance(action: Exclude<ScrollAction, 'first' | 'last' | 'follow'>, page: number): number {
  const sign = action === 'down' || action === 'page-down' || action === 'half-down' ? 1 : -1;
  if (action === 'down' || action === 'up') return sign;
  return sign * Math.max(1, action.startsWith('half') ? Math.floor(page / 2) : page - 1);
}
