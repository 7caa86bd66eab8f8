/** Where the values of a template instance stand in their chunk. Kept and filled anew for the next record. */
export class ValueTable {
  count = 0;
  readonly offsets: number[] = [];
  readonly sizes: number[] = [];
  readonly types: number[] = [];
}
