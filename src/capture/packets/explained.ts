/** A layer, or at the end what is wrong (`problems`) and what is left (`payload`). Places count from the first byte. */
export interface ExplainedLayer {
  readonly layer: string;
  readonly start: number;
  readonly length: number;
  readonly fields: readonly ExplainedField[];
}

/** A field of a layer and the bytes that say it, counted from the packet's first. */
export interface ExplainedField {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly length: number;
}
