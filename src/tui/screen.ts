import type {ReadStream} from 'node:tty';
import type {Settings} from '../config/settings.ts';
import type {Command, PacketRow, Snapshot} from '../pipeline/snapshot.ts';
import {FrameSink} from './frame-sink.ts';
import type {HistoryClient} from './history-client.ts';
import {type Key, KeyReader} from './keys.ts';
import type {PacketInspection} from './packet-inspection.ts';
import {paintPart} from './paint-part.ts';
import type {Size, Theme} from './pane.ts';
import {ScreenModel} from './screen-model.ts';
import type {MountedShell, ShellProps} from './shell.tsx';
import {enterTerminal, type ScreenOutput, type Terminal} from './terminal.ts';
import {terminalLook} from './terminal-look.ts';
import {createTheme} from './theme.ts';
import type {Effect} from './world.ts';

export interface ScreenOptions {
  /** Snapshots, 4 to 10 a second; the returned function ends them. */
  subscribe(onSnapshot: (snapshot: Snapshot) => void): () => void;
  send(command: Command): void;
  /** Writes an alert's packets to a file; returns what to tell the user. */
  exportPackets(alert: string): string;
  /** Writes packets that are listed to a file; returns what to tell the user. */
  exportShown(packets: readonly PacketRow[]): string;
  readonly history: HistoryClient;
  readonly inspection: PacketInspection;
  readonly settings: Settings;
  readonly stdin: ReadStream;
  readonly stdout: ScreenOutput;
  /**
   * The user wants to leave, or a signal said so (then `process.exitCode` is set already). The terminal is restored;
   * the program ends what else runs and exits.
   */
  onQuit(): void;
}

/**
 * Shows the monitor on a terminal until it is stopped, quit or told to end. A first frame is out when this returns,
 * whether or not a snapshot has come.
 */
export function startScreen(options: ScreenOptions): {stop(): void} {
  const screen = new Screen(options);
  return {stop: () => screen.stop()};
}

class Screen {
  readonly #options: ScreenOptions;
  readonly #theme: Theme;
  readonly #model: ScreenModel;
  readonly #sink: FrameSink;
  readonly #terminal: Terminal;
  readonly #keys = new KeyReader();
  readonly #unsubscribe: () => void;
  readonly #everySecond: NodeJS.Timeout;
  #shell: MountedShell | undefined;
  #shown = '';
  #painted = 0;
  #paintTimer: NodeJS.Timeout | undefined;
  #keyTimer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: ScreenOptions) {
    const {stdin, stdout, settings} = options;
    this.#options = options;
    this.#theme = createTheme(terminalLook(settings.screen, process.env));
    this.#model = new ScreenModel({
      history: options.history,
      inspection: options.inspection,
      onChange: () => this.#paintSoon(),
      onAnswer: () => this.#paint(),
    });
    this.#sink = new FrameSink(stdout);
    this.#terminal = enterTerminal(stdin, stdout, {
      onSuspend: () => this.#sink.setOpen(false),
      onResume: () => this.#resume(),
      onSignal: () => this.#quit(),
    });
    stdin.setEncoding('utf8');
    stdin.on('data', this.#onInput);
    stdin.resume();
    stdout.on('resize', this.#onResize);
    this.#everySecond = setInterval(() => this.#model.everySecond(), 1000);
    void this.#mountShell();
    this.#unsubscribe = options.subscribe(snapshot => {
      this.#model.takeSnapshot(snapshot);
      this.#paintSoon();
    });
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#unsubscribe();
    clearInterval(this.#everySecond);
    clearTimeout(this.#paintTimer);
    clearTimeout(this.#keyTimer);
    const {stdin, stdout} = this.#options;
    stdin.off('data', this.#onInput);
    stdin.pause();
    stdout.off('resize', this.#onResize);
    this.#model.stop();
    this.#sink.close();
    this.#shell?.unmount();
    this.#terminal.leave();
  }

  readonly #onInput = (chunk: string | Buffer): void => {
    clearTimeout(this.#keyTimer);
    this.#press(this.#keys.push(chunk.toString()));
    const {wait} = this.#keys;
    if (wait > 0 && !this.#stopped) this.#keyTimer = setTimeout(() => this.#press(this.#keys.flush()), wait);
  };

  #press(keys: readonly Key[]): void {
    for (const key of keys) {
      for (const effect of this.#model.key(key)) this.#effect(effect);
      if (this.#stopped) return;
    }
    if (keys.length > 0) this.#paint();
  }

  #effect(effect: Effect): void {
    const actor = process.env.SUDO_USER ?? process.env.USER ?? process.env.USERNAME ?? 'screen';
    switch (effect.type) {
      case 'quit':
        this.#quit();
        break;
      case 'suspend':
        this.#terminal.suspend();
        break;
      case 'repaint':
        this.#sink.repaint();
        break;
      case 'acknowledge':
      case 'reopen':
        this.#options.send({type: effect.type, alert: effect.alert, actor});
        break;
      case 'export-packets':
        this.#model.tell(this.#options.exportPackets(effect.alert));
        break;
      case 'export-shown':
        this.#model.tell(this.#options.exportShown(this.#model.rows.packets));
        break;
      case 'close':
        this.#options.send({type: 'close', alert: effect.alert, verdict: effect.verdict, actor});
        break;
      case 'open':
        break;
      default:
        effect satisfies never;
    }
  }

  #quit(): void {
    this.stop();
    this.#options.onQuit();
  }

  #resume(): void {
    this.#sink.resized();
    this.#renderShell();
    this.#sink.setOpen(true);
  }

  readonly #onResize = (): void => {
    this.#sink.resized();
    this.#paint();
  };

  /** Within the wanted number of frames a second. */
  #paintSoon(): void {
    if (this.#paintTimer !== undefined || this.#stopped) return;
    const wait = this.#painted + 1000 / this.#options.settings.screen.frames - performance.now();
    this.#paintTimer = setTimeout(() => this.#paint(), Math.max(0, wait));
  }

  #paint(): void {
    clearTimeout(this.#paintTimer);
    this.#paintTimer = undefined;
    this.#painted = performance.now();
    this.#renderShell();
    this.#sink.paint();
  }

  /** Ink takes longer to load than all else together: until it is there, one line says that something is happening. */
  async #mountShell(): Promise<void> {
    this.#sink.stdout.write(`\n ${this.#theme.paint('title', this.#theme.unicode ? 'starting …' : 'starting ...')}`);
    this.#sink.paint();
    const {mountShell} = await import('./shell.tsx');
    if (this.#stopped) return;
    this.#shell = mountShell(this.#sink.stdout, this.#options.stdin);
    this.#paint();
  }

  /** React commits only when the shell changed, never for a snapshot. */
  #renderShell(): void {
    const props = this.#shellProps();
    const shown = JSON.stringify(props.model);
    if (shown === this.#shown || !this.#shell) return;
    this.#shown = shown;
    this.#shell.render(props);
  }

  #shellProps(): ShellProps {
    const {columns, rows} = this.#options.stdout;
    return {
      model: this.#model.shell({width: columns, height: rows}),
      theme: this.#theme,
      addSurface: this.#addSurface,
      paint: this.#paintPart,
    };
  }

  readonly #addSurface: ShellProps['addSurface'] = surface => this.#sink.add(surface);
  readonly #paintPart: ShellProps['paint'] = (part, size: Size) => paintPart(part, this.#model, size, this.#theme);
}
