import type {FlowState} from '../../event/event.ts';
import {TcpFlags} from './decode/decoded.ts';

/** What one side of a connection has sent so far, one bit each. Also what its history letters say. */
export const Seen = {syn: 1, synAck: 2, ack: 4, data: 8, fin: 16, rst: 32, both: 64, odd: 128} as const;

const letters: readonly (readonly [number, string])[] = [
  [Seen.syn, 'S'],
  [Seen.synAck, 'H'],
  [Seen.ack, 'A'],
  [Seen.data, 'D'],
  [Seen.fin, 'F'],
  [Seen.rst, 'R'],
  [Seen.both, 'I'],
  [Seen.odd, 'Q'],
];

/**
 * What a TCP packet adds, by Zeek's rules for `history`: S a SYN, H a SYN with ACK, A a bare ACK, D payload, F a FIN,
 * R a reset, I FIN with RST, Q SYN with FIN or RST.
 */
export function seenIn(flags: number, payload: number): number {
  const {syn, ack, fin, rst} = TcpFlags;
  if ((flags & syn) !== 0 && (flags & (fin | rst)) !== 0) return Seen.odd | (payload > 0 ? Seen.data : 0);
  let seen = payload > 0 ? Seen.data : 0;
  if ((flags & syn) !== 0) seen |= (flags & ack) !== 0 ? Seen.synAck : Seen.syn;
  if ((flags & fin) !== 0) seen |= Seen.fin;
  if ((flags & rst) !== 0) seen |= (flags & fin) !== 0 ? Seen.both | Seen.rst : Seen.rst;
  if (seen === 0 && (flags & ack) !== 0) seen = Seen.ack;
  return seen;
}

/** The letters of bits seen for the first time, upper case from the originator. */
export function historyLetters(added: number, fromOriginator: boolean): string {
  return (fromOriginator ? upper : lower)[added] ?? '';
}

const upper = Array.from({length: 256}, (_, bits) =>
  letters.map(([bit, letter]) => (bits & bit ? letter : '')).join(''),
);
const lower = upper.map(text => text.toLowerCase());

/**
 * Zeek's `conn_state`, with its rarer states folded into the nearest one kept here: S2 and S3 (half closed) are S1,
 * RSTOS0 is RSTO, RSTRH is RSTR. `originator` and `responder` are the bits each side has sent.
 */
export function tcpState(originator: number, responder: number): FlowState {
  const originatorIdle = (originator & Seen.syn) === 0;
  const responderIdle = (responder & (Seen.synAck | Seen.syn)) === 0;
  const closed = (originator & Seen.fin ? 1 : 0) + (responder & Seen.fin ? 2 : 0);
  // A reset after both sides said they were done changes nothing.
  if (closed === 3) return 'SF';
  if ((responder & Seen.rst) !== 0) {
    const onlyAsked = !originatorIdle && responderIdle && (originator & Seen.data) === 0;
    return onlyAsked ? 'REJ' : 'RSTR';
  }
  if ((originator & Seen.rst) !== 0) return 'RSTO';
  if (closed === 1 && responderIdle) return originatorIdle ? 'OTH' : 'SH';
  if (closed === 2 && originatorIdle) return responderIdle ? 'OTH' : 'SHR';
  if (originatorIdle || (responderIdle && responder !== 0)) return 'OTH';
  return responderIdle ? 'S0' : 'S1';
}
