import {EventSplitter, type SplitterDrops} from './event-splitter.ts';
import {UnicodeText} from './unicode-text.ts';

/**
 * Events out of the bytes that `wevtutil … /f:XML` (or `RenderedXml`) writes: many in a row, in UTF-8 or UTF-16.
 *
 * @example
 * const reader = new EventXmlReader();
 * for (const xml of reader.push(bytes)) readEventXml(xml, entry);
 */
export class EventXmlReader {
  readonly #text = new UnicodeText();
  readonly #splitter = new EventSplitter();

  push(bytes: Buffer): readonly string[] {
    return this.#split(this.#text.push(bytes));
  }

  /** To be called behind the last bytes. */
  end(): readonly string[] {
    const events = this.#split(this.#text.end());
    this.#splitter.end();
    return events;
  }

  takeDrops(): SplitterDrops {
    return this.#splitter.takeDrops();
  }

  #split(text: string): readonly string[] {
    const events: string[] = [];
    this.#splitter.push(text, xml => events.push(xml));
    return events;
  }
}
