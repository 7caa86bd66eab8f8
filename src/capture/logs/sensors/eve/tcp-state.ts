import type {FlowState} from '../../../../event/event.ts';

const [fin, syn, rst] = [1, 2, 4];

/**
 * How a TCP connection stood when Suricata let go of it, in Zeek's words, from the flags that each side ever sent. Where
 * both sides sent a reset nobody knows whose was first: it is taken for the client's.
 */
export function tcpState(flagsOut: number, flagsIn: number): FlowState {
  const asked = (flagsOut & syn) !== 0;
  const answered = (flagsIn & syn) !== 0;
  if (asked && answered) return closing(flagsOut, flagsIn);
  if (asked) {
    if ((flagsIn & rst) !== 0) return 'REJ';
    if ((flagsOut & rst) !== 0) return 'RSTO';
    return (flagsOut & fin) !== 0 ? 'SH' : flagsIn === 0 ? 'S0' : 'OTH';
  }
  if (!answered) return 'OTH';
  if ((flagsIn & rst) !== 0) return 'RSTR';
  return (flagsIn & fin) !== 0 ? 'SHR' : 'OTH';
}

function closing(flagsOut: number, flagsIn: number): FlowState {
  if ((flagsOut & fin) !== 0 && (flagsIn & fin) !== 0) return 'SF';
  if ((flagsOut & rst) !== 0) return 'RSTO';
  return (flagsIn & rst) !== 0 ? 'RSTR' : 'S1';
}
