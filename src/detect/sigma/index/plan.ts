/** A rule's condition over numbered leaves. */
export type Plan =
  | {readonly kind: 'constant'; readonly value: boolean}
  | {readonly kind: 'leaf'; readonly leaf: number}
  | {readonly kind: 'and' | 'or'; readonly parts: readonly Plan[]}
  | {readonly kind: 'atLeast'; readonly count: number; readonly parts: readonly Plan[]}
  | {readonly kind: 'not'; readonly part: Plan};

export const always: Plan = {kind: 'constant', value: true};
export const never: Plan = {kind: 'constant', value: false};

/** Joins parts, with what is certain already left out. */
export function joined(kind: 'and' | 'or', parts: readonly Plan[]): Plan {
  const decides = kind === 'or';
  const open: Plan[] = [];
  for (const part of parts) {
    if (part.kind === 'constant') {
      if (part.value === decides) return part;
    } else if (part.kind === kind) open.push(...part.parts);
    else open.push(part);
  }
  const [only] = open;
  if (only === undefined) return decides ? never : always;
  return open.length === 1 ? only : {kind, parts: open};
}

export function negated(part: Plan): Plan {
  if (part.kind === 'constant') return part.value ? never : always;
  return part.kind === 'not' ? part.part : {kind: 'not', part};
}

export function atLeast(count: number, parts: readonly Plan[]): Plan {
  const open = parts.filter(part => part.kind !== 'constant');
  const wanted = count - parts.filter(part => part.kind === 'constant' && part.value).length;
  if (wanted <= 0) return always;
  if (wanted > open.length) return never;
  if (wanted === 1) return joined('or', open);
  return wanted === open.length ? joined('and', open) : {kind: 'atLeast', count: wanted, parts: open};
}
