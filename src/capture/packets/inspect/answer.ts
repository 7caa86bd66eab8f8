import {errorText} from '../../../event/error-code.ts';
import {QueryError} from '../../../query/expression.ts';
import type {RawPacket} from '../backend.ts';
import {PacketFilter} from '../bpf/packet-filter.ts';
import {explainPacket} from '../decode/explain.ts';
import type {ExplainedLayer} from '../explained.ts';
import {type Answer, fieldsInTree, layersInTree} from '../messages.ts';
import type {Question} from './question.ts';

/** Answers questions about packets, one after another; the same filter asked again is not compiled again. */
export class Answerer {
  readonly #explain: typeof explainPacket;
  #filter: {readonly text: string; readonly accepts: PacketFilter} | undefined;

  constructor(explain = explainPacket) {
    this.#explain = explain;
  }

  /** Never throws: what a packet does to the code is an answer as well. */
  answer(question: Question): Answer {
    const {number} = question;
    try {
      if (question.type === 'match') return {type: 'matches', question: number, accepted: this.#accepted(question)};
      return {type: 'tree', question: number, layers: bounded(this.#explain(question.packet))};
    } catch (error) {
      return {type: 'unanswered', question: number, why: errorText(error)};
    }
  }

  #accepted({filter, packets}: Extract<Question, {type: 'match'}>): readonly boolean[] {
    if (this.#filter?.text !== filter) this.#filter = {text: filter, accepts: new PacketFilter(filter)};
    const {accepts} = this.#filter;
    return packets.map(packet => isAccepted(accepts, packet));
  }
}

/** False also for packets of a link type that cannot be asked. */
function isAccepted(filter: PacketFilter, packet: RawPacket): boolean {
  try {
    return filter.accepts(packet);
  } catch (error) {
    if (error instanceof QueryError) return false;
    throw error;
  }
}

/** What is more than a frame may hold is left out, and how much that is said in the last layer. */
function bounded(layers: readonly ExplainedLayer[]): readonly ExplainedLayer[] {
  const kept: ExplainedLayer[] = [];
  let room = fieldsInTree - 1;
  for (const layer of layers.slice(0, layersInTree - 1)) {
    kept.push({...layer, fields: layer.fields.slice(0, room)});
    room -= Math.min(room, layer.fields.length);
  }
  const count = (some: readonly ExplainedLayer[]) => some.reduce((sum, {fields}) => sum + fields.length, 0);
  const left = count(layers) - count(kept);
  if (left === 0 && kept.length === layers.length) return kept;
  const value = `${layers.length - kept.length} layers, ${left} fields`;
  return [...kept, {layer: 'more', start: 0, length: 0, fields: [{name: 'Left out', value, start: 0, length: 0}]}];
}
