import {EventEmitter} from 'node:events';
import {FrameSink, type Rectangle, type SinkTerminal} from './frame-sink.ts';

class FakeTerminal extends EventEmitter implements SinkTerminal {
  columns = 10;
  rows = 4;
  written: string[] = [];
  keepsUp = true;

  write(text: string): boolean {
    this.written.push(text.replaceAll('\x1b', '^').replace('^[?2026h', '').replace('^[?2026l', ''));
    return this.keepsUp;
  }

  take(): string {
    return this.written.splice(0).join('|');
  }
}

function started(frame = 'one\ntwo\nthree\nfour') {
  const terminal = new FakeTerminal();
  const sink = new FrameSink(terminal);
  sink.stdout.write(frame);
  sink.paint();
  return {terminal, sink};
}

function surface(place: Rectangle, text: () => string) {
  return {
    rectangle: () => place,
    lines: () => Array.from({length: place.height}, (_, row) => `${text()}${row}`.padEnd(place.width)),
  };
}

test('the first paint clears the screen and writes every row at its place in one update', () => {
  const {terminal} = started('one\n\nthree');
  expect(terminal.take()).toBe('^[0m^[2J^[1;1H^[0m^[2Kone^[0m^[3;1H^[0m^[2Kthree^[0m');
});

test('a frame that differs in one row writes that row only', () => {
  const {terminal, sink} = started();
  terminal.take();
  sink.stdout.write('one\nTWO\nthree\nfour');
  sink.paint();
  expect(terminal.take()).toBe('^[2;1H^[0m^[2KTWO^[0m');
  sink.paint();
  expect(terminal.take()).toBe('');
});

test('nothing is written below the last row', () => {
  const {terminal} = started('1\n2\n3\n4\n5\n6');
  expect(terminal.take()).not.toMatch(/\^\[[56];/);
});

test('a surface writes only its changed lines, over the frame', () => {
  const {terminal, sink} = started();
  let text = 'a';
  sink.add(surface({x: 2, y: 1, width: 3, height: 2}, () => text));
  sink.paint();
  expect(terminal.written.at(-1)).toBe('^[2;3Ha0 ^[0m^[3;3Ha1 ^[0m');
  terminal.take();
  sink.paint();
  expect(terminal.take()).toBe('');
  text = 'b';
  sink.paint();
  expect(terminal.take()).toBe('^[2;3Hb0 ^[0m^[3;3Hb1 ^[0m');
});

test('a surface is painted again where the frame below it changed', () => {
  const {terminal, sink} = started();
  sink.add(surface({x: 0, y: 1, width: 2, height: 2}, () => 's'));
  sink.paint();
  terminal.take();
  sink.stdout.write('one\ntwo\nTHREE\nfour');
  sink.paint();
  expect(terminal.take()).toBe('^[3;1H^[0m^[2KTHREE^[0m^[3;1Hs1^[0m');
});

test('what lay under a removed surface comes back although the frame is the same', () => {
  const {terminal, sink} = started();
  const remove = sink.add(surface({x: 0, y: 1, width: 2, height: 1}, () => 's'));
  sink.paint();
  terminal.take();
  remove();
  sink.paint();
  expect(terminal.take()).toBe('^[2;1H^[0m^[2Ktwo^[0m');
});

test('a surface that moved is painted whole at its new place', () => {
  const {terminal, sink} = started();
  let place = {x: 0, y: 0, width: 2, height: 1};
  sink.add({rectangle: () => place, lines: () => ['s0']});
  sink.paint();
  terminal.take();
  place = {x: 0, y: 3, width: 2, height: 1};
  sink.stdout.write('one\ntwo\nthree\nfour');
  sink.paint();
  expect(terminal.take()).toBe('^[1;1H^[0m^[2Kone^[0m^[4;1Hs0^[0m');
});

test('a surface that does not fit the terminal is left out', () => {
  const {terminal, sink} = started();
  sink.add(surface({x: 0, y: 3, width: 2, height: 2}, () => 's'));
  sink.add(surface({x: 9, y: 0, width: 2, height: 1}, () => 's'));
  terminal.take();
  sink.paint();
  expect(terminal.take()).toBe('');
});

test('while the terminal is behind nothing is written, then the newest state is', () => {
  const {terminal, sink} = started();
  terminal.keepsUp = false;
  sink.stdout.write('1\ntwo\nthree\nfour');
  sink.paint();
  terminal.take();
  sink.stdout.write('2\ntwo\nthree\nfour');
  sink.paint();
  sink.stdout.write('3\ntwo\nthree\nfour');
  sink.paint();
  expect(terminal.take()).toBe('');
  terminal.keepsUp = true;
  terminal.emit('drain');
  expect(terminal.take()).toBe('^[1;1H^[0m^[2K3^[0m');
});

test('a repaint writes all rows and surfaces again', () => {
  const {terminal, sink} = started();
  sink.add(surface({x: 0, y: 1, width: 2, height: 1}, () => 's'));
  sink.paint();
  terminal.take();
  sink.repaint();
  const text = terminal.take();
  expect(text).toContain('^[2J');
  for (const part of ['one', 'two', 'three', 'four', 's0']) expect(text).toContain(part);
});

test('a closed sink writes nothing, an opened one all', () => {
  const {terminal, sink} = started();
  terminal.take();
  sink.setOpen(false);
  sink.stdout.write('x');
  sink.paint();
  sink.repaint();
  expect(terminal.take()).toBe('');
  sink.setOpen(true);
  expect(terminal.take()).toContain('^[2J');
});
