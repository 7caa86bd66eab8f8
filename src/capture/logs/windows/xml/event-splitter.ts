import {passageEnd, tagEnd} from './tag-end.ts';

/** What was not taken, since last asked. */
export interface SplitterDrops {
  /** Events that are no well-formed XML, and stretches of other text between events. */
  readonly unparsable: number;
  readonly 'too-long': number;
}

export const deepestElement = 64;
/** Characters. An event's binary form has 64 KiB at most. */
const longestEvent = 2 ** 21;
const eventStart = /<Event(?=[\s/>])/;
const windowsEvents = 'http://schemas.microsoft.com/win/2004/08/events/event';

/**
 * Cuts text that comes in pieces into `<Event>…</Event>`, whatever stands around them. One that is cut off costs itself
 * alone: the next begins where it says so. Never throws, and holds one event at most.
 */
export class EventSplitter {
  #text = '';
  /** Everything before was looked at. */
  #at = 0;
  #open: string[] = [];
  #inside = false;
  /** Of the stretch between two events: whether it was counted already. */
  #counted = false;
  #unparsable = 0;
  #tooLong = 0;

  push(piece: string, onEvent: (xml: string) => void): void {
    this.#text += piece;
    for (;;) {
      if (!this.#inside && !this.#enter()) return;
      const end = this.#walk();
      if (end === undefined) break;
      if (end > 0) this.#finish(end, onEvent);
    }
    if (this.#text.length > longestEvent) this.#giveUp();
  }

  /** To be called when there is no more: what waits is an event without its end. */
  end(): void {
    if (this.#inside) this.#unparsable++;
    else this.#pass(this.#text);
    this.#leave('');
  }

  takeDrops(): SplitterDrops {
    const taken = {unparsable: this.#unparsable, 'too-long': this.#tooLong};
    this.#unparsable = 0;
    this.#tooLong = 0;
    return taken;
  }

  /** Goes to the next event's start; false where there is none yet. */
  #enter(): boolean {
    const found = eventStart.exec(this.#text);
    if (!found) {
      const tail = this.#text.lastIndexOf('<');
      // What may be the start of an event, or a tag around the events, waits for its rest.
      const kept = tail >= 0 && this.#text.length - tail < 256 ? tail : this.#text.length;
      this.#pass(this.#text.slice(0, kept));
      this.#text = this.#text.slice(kept);
      return false;
    }
    this.#pass(this.#text.slice(0, found.index));
    this.#text = this.#text.slice(found.index);
    this.#at = 0;
    this.#open = [];
    this.#inside = true;
    return true;
  }

  /** Walks over tags: the index behind the event, 0 where it is broken and was left, undefined where more is needed. */
  #walk(): number | undefined {
    for (;;) {
      const open = this.#text.indexOf('<', this.#at);
      this.#at = open < 0 ? this.#text.length : open;
      if (open < 0) return undefined;
      const passage = passageEnd(this.#text, open);
      const end = passage ?? tagEnd(this.#text, open);
      if (end === 'more') return undefined;
      if (end === 'broken') return this.#broken(open);
      if (passage === undefined) {
        if (!this.#tag(open, end)) return this.#broken(open);
        if (this.#open.length === 0) return end + 1;
      }
      this.#at = passage === undefined ? end + 1 : end;
    }
  }

  /** False where the tag may not stand here. */
  #tag(open: number, end: number): boolean {
    const isClosing = this.#text.charCodeAt(open + 1) === 47;
    const name = /^[^\s/>]+/.exec(this.#text.slice(open + (isClosing ? 2 : 1), end + 1))?.[0];
    if (name === undefined) return false;
    if (isClosing) return this.#open.pop() === name;
    // Another event inside of one: the outer was cut off.
    if (name === 'Event' && open > 0 && this.#text.slice(open, end).includes(windowsEvents)) return false;
    if (this.#open.length >= deepestElement) return false;
    if (this.#text.charCodeAt(end - 1) !== 47) this.#open.push(name);
    return true;
  }

  #finish(end: number, onEvent: (xml: string) => void): void {
    // A string of its own: values cut from it must not keep a whole piece of output in memory.
    const xml = Buffer.from(this.#text.slice(0, end), 'utf16le').toString('utf16le');
    this.#leave(this.#text.slice(end));
    this.#counted = false;
    onEvent(xml);
  }

  /** Goes on behind the start of the broken event, at the tag that broke it. */
  #broken(at: number): 0 {
    this.#unparsable++;
    const next = at > 0 ? at : 1;
    this.#leave(this.#text.slice(next));
    this.#counted = true;
    return 0;
  }

  #giveUp(): void {
    this.#tooLong++;
    this.#leave('');
    this.#counted = true;
  }

  #leave(rest: string): void {
    this.#text = rest;
    this.#inside = false;
    this.#at = 0;
    this.#open = [];
  }

  /** Counts what stands between events, if it is more than space, declarations and tags around them. */
  #pass(text: string): void {
    if (this.#counted || !/\S/.test(text)) return;
    const rest = text.length > 4096 ? text : text.replace(/<[^<>]*>/g, '').replace(/^\ufeff/, '');
    if (!/\S/.test(rest)) return;
    this.#unparsable++;
    this.#counted = true;
  }
}
