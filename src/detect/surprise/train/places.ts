import {beginCode, beginEntry, endEntry, firstEntry, unknownEntry} from '../learned-model.ts';
import type {LiveModel} from '../live-model.ts';
import {endSymbol, type SymbolName} from '../symbols.ts';

/** Says where symbols stand in a vocabulary: of a history, or of a model that is at work. */
export type PlaceFinder = Pick<LiveModel, 'entryOf' | 'beginOf'>;

/** Where the symbols of this history and the begins of its providers stand in the vocabulary. */
export class Places implements PlaceFinder {
  private readonly symbols = new Map<number, number>();
  private readonly begins = new Map<string, number>();

  constructor(names: readonly SymbolName[]) {
    names.forEach(({provider, code}, at) => {
      if (code === beginCode) this.begins.set(provider, firstEntry + at);
    });
  }

  set(symbol: number, entry: number): void {
    this.symbols.set(symbol, entry);
  }

  entryOf(symbol: number): number {
    return symbol === endSymbol ? endEntry : (this.symbols.get(symbol) ?? unknownEntry);
  }

  beginOf(provider: string): number {
    return this.begins.get(provider) ?? beginEntry;
  }

  beginEntries(): Uint16Array {
    return Uint16Array.from([beginEntry, ...this.begins.values()]);
  }
}
