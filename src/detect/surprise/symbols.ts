import type {LogEvent} from '../../event/event.ts';
import {Drain, templateText} from './drain.ts';
import type {DrainSnapshot} from './template-store.ts';

/** Symbols that no event has: what is not in a model's vocabulary, and a session's begin and end. */
export const unknownSymbol = 0;
export const beginSymbol = 1;
export const endSymbol = 2;
const firstSymbol = 4;

/** What of a log entry makes its symbol. */
export type SymbolSource = Pick<LogEvent, 'provider' | 'code' | 'message'>;

/** What a symbol stands for: the same words on every machine. */
export interface SymbolName {
  readonly provider: string;
  /** `event.code`, 0 where a template names the symbol. */
  readonly code: number;
  /** The template's text, or a sample of the message where a code names the symbol. */
  readonly text: string;
}

export interface SymbolsSnapshot {
  readonly drain: DrainSnapshot;
  readonly nextCode: number;
  /** Symbol, provider, code, sample. */
  readonly codes: readonly (readonly [number, string, number, string])[];
}

interface CodeSymbol extends SymbolName {
  readonly symbol: number;
  used: number;
}

const maxCodes = 4_000;
const maxSample = 80;

/**
 * Turns log entries into small integers: (provider, code) where the entry has a code (Windows), else (provider,
 * template). A symbol keeps its number when its template becomes more general, and over save and restore; where two
 * templates become one, the older number stays and the newer leads to it.
 */
export class SymbolTable {
  readonly drain: Drain;
  private readonly codes = new Map<string, Map<number, CodeSymbol>>();
  private readonly byCodeSymbol = new Map<number, CodeSymbol>();
  private nextCode = 0;
  private clock = 0;

  constructor(drain = new Drain()) {
    this.drain = drain;
  }

  symbolOf(event: SymbolSource): number {
    if (event.code !== 0) return this.codeSymbol(event);
    return firstSymbol + this.drain.match(event.provider, event.message).id * 2;
  }

  /** The number under which a symbol given before goes now: another's, where its template was taken over. */
  current(symbol: number): number {
    if (symbol < firstSymbol || symbol % 2 === 1) return symbol;
    return firstSymbol + this.drain.resolve((symbol - firstSymbol) / 2) * 2;
  }

  name(symbol: number): SymbolName | undefined {
    if (symbol < firstSymbol) return undefined;
    if (symbol % 2 === 1) return this.byCodeSymbol.get(symbol);
    const template = this.drain.get((symbol - firstSymbol) / 2);
    return template && {provider: template.group, code: 0, text: templateText(template)};
  }

  /** Changes when the symbol's name does. */
  version(symbol: number): number {
    if (symbol < firstSymbol || symbol % 2 === 1) return 0;
    return this.drain.get((symbol - firstSymbol) / 2)?.version ?? 0;
  }

  /** The symbol as a person reads it, shortened. */
  text(symbol: number): string {
    if (symbol === beginSymbol) return '(begin)';
    if (symbol === endSymbol) return 'the session’s end';
    return symbolText(this.name(symbol));
  }

  snapshot(): SymbolsSnapshot {
    return {
      drain: this.drain.snapshot(),
      nextCode: this.nextCode,
      codes: [...this.byCodeSymbol.values()].map(({symbol, provider, code, text}) => [symbol, provider, code, text]),
    };
  }

  restore(snapshot: SymbolsSnapshot): void {
    this.drain.restore(snapshot.drain);
    this.codes.clear();
    this.byCodeSymbol.clear();
    this.nextCode = snapshot.nextCode;
    for (const [symbol, provider, code, text] of snapshot.codes) {
      this.keep({symbol, provider, code, text, used: ++this.clock});
    }
  }

  private codeSymbol(event: SymbolSource): number {
    let found = this.codes.get(event.provider)?.get(event.code);
    if (!found) {
      if (this.byCodeSymbol.size >= maxCodes) this.evict();
      const symbol = firstSymbol + 1 + this.nextCode++ * 2;
      const text = event.message.slice(0, maxSample).split('\n', 1)[0] ?? '';
      found = this.keep({symbol, provider: event.provider, code: event.code, text: text.trim(), used: 0});
    }
    found.used = ++this.clock;
    return found.symbol;
  }

  private keep(entry: CodeSymbol): CodeSymbol {
    const codes = this.codes.get(entry.provider) ?? new Map<number, CodeSymbol>();
    this.codes.set(entry.provider, codes.set(entry.code, entry));
    this.byCodeSymbol.set(entry.symbol, entry);
    return entry;
  }

  private evict(): void {
    const ordered = [...this.byCodeSymbol.values()].sort((a, b) => a.used - b.used);
    for (const entry of ordered.slice(0, Math.ceil(maxCodes / 10))) {
      this.byCodeSymbol.delete(entry.symbol);
      const codes = this.codes.get(entry.provider);
      codes?.delete(entry.code);
      if (codes?.size === 0) this.codes.delete(entry.provider);
    }
  }
}

/** A symbol's name as a person reads it, shortened. */
export function symbolText(name: SymbolName | undefined): string {
  if (!name) return 'something rare';
  const words = shortened(name.text);
  return name.code === 0 ? `“${words}”` : `event ${name.code} “${words}”`;
}

function shortened(text: string): string {
  return text.length > maxSample ? `${text.slice(0, maxSample - 1)}…` : text;
}
