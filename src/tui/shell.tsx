import type {ReadStream} from 'node:tty';
import {Box, type DOMElement, render, Text} from 'ink';
import {type ReactNode, useLayoutEffect, useRef} from 'react';
import type {FrameStream, Rectangle, Surface} from './frame-sink.ts';
import {type Layout, type ShellModel, smallest} from './layout.ts';
import type {Part} from './paint-part.ts';
import type {Size, Theme} from './pane.ts';
import {paneTitles} from './pane-titles.ts';
import {type PaneId, paneIds} from './view-state.ts';

export interface ShellProps {
  readonly model: ShellModel;
  readonly theme: Theme;
  /** Adds a surface to the screen; the returned function removes it. */
  readonly addSurface: (surface: Surface) => () => void;
  readonly paint: (part: Part, size: Size) => readonly string[];
}

export interface MountedShell {
  render(props: ShellProps): void;
  unmount(): void;
}

/** Starts Ink on a stream of frames. Each `render` has been laid out and written when it returns. */
export function mountShell(frames: FrameStream, stdin: ReadStream): MountedShell {
  const ink = render(<Box />, {
    // All that Ink asks of its output is what FrameStream has.
    stdout: frames as unknown as NodeJS.WriteStream,
    stdin,
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
    isScreenReaderEnabled: false,
  });
  return {render: props => ink.rerender(<Shell {...props} />), unmount: () => ink.unmount()};
}

/**
 * What Ink draws: tabs, the division of the screen, the keys in the footer. No text that comes from data enters here,
 * for Ink remembers every text it ever measured.
 */
function Shell(props: ShellProps): ReactNode {
  const {model, theme} = props;
  const {width, height} = model.size;
  if (model.layout.type === 'too-small') {
    return <Text>{`need ${smallest.width}×${smallest.height}, have ${width}×${height}`}</Text>;
  }
  return (
    <Box width={width} height={height} flexDirection="column">
      <Box height={1} flexShrink={0}>
        <Tabs focus={model.focus} theme={theme} />
        <Live part="clock" {...props} />
      </Box>
      <Body layout={model.layout} {...props} />
      <Box height={1} flexShrink={0}>
        <Live part="status" {...props} />
      </Box>
      <Box height={1} flexShrink={0} overflow="hidden">
        {model.footer ? <Footer keys={model.footer} width={width} theme={theme} /> : <Live part="line" {...props} />}
      </Box>
    </Box>
  );
}

function Body({layout, ...props}: ShellProps & {readonly layout: Layout}): ReactNode {
  if (layout.type === 'too-small') return null;
  if (layout.type === 'whole') return <Live key={layout.shows} part={layout.shows} {...props} />;
  const upper = layout.type === 'grid' ? 'row' : 'column';
  return (
    <Box flexGrow={1} flexBasis={0} flexDirection="column">
      <Box flexGrow={layout.type === 'grid' ? 1 : 2} flexBasis={0} flexDirection={upper}>
        <Live part="alerts" {...props} />
        <Live part="logs" {...props} />
      </Box>
      <Box flexGrow={1} flexBasis={0}>
        <Live part="packets" {...props} />
        <Live key={layout.corner} part={layout.corner} {...props} />
      </Box>
    </Box>
  );
}

function Tabs({focus, theme}: {readonly focus: PaneId; readonly theme: Theme}): ReactNode {
  return (
    <Box flexShrink={0}>
      <Text>{`${theme.paint('title', ' siem ')} `}</Text>
      {paneIds.map((pane, index) => {
        const marked = pane === focus && theme.paint('selected', 'x') === 'x';
        const label = marked ? `[${index + 1} ${paneTitles[pane]}]` : ` ${index + 1} ${paneTitles[pane]} `;
        return <Text key={pane}>{theme.paint(pane === focus ? 'selected' : 'dim', label)}</Text>;
      })}
    </Box>
  );
}

interface FooterProps {
  readonly keys: readonly {readonly key: string; readonly label: string}[];
  readonly width: number;
  readonly theme: Theme;
}

/** As many keys as there is room for, `? help` first. */
function Footer({keys, width, theme}: FooterProps): ReactNode {
  let room = width - 1;
  const shown = keys.filter(({key, label}) => {
    room -= key.length + label.length + 3;
    return room >= 0;
  });
  return (
    <Text>{` ${shown.map(({key, label}) => `${theme.paint('bold', key)} ${theme.paint('dim', label)}`).join('  ')}`}</Text>
  );
}

/** An empty place that is painted past Ink. */
function Live({part, addSurface, paint}: ShellProps & {readonly part: Part}): ReactNode {
  const box = useRef<DOMElement>(null);
  useLayoutEffect(
    () =>
      addSurface({
        rectangle: () => (box.current ? rectangleOf(box.current) : undefined),
        lines: size => paint(part, size),
      }),
    [part, addSurface, paint],
  );
  return <Box ref={box} flexGrow={1} flexBasis={0} />;
}

/** Where a box lies on the screen, from the layout that Yoga computed. */
function rectangleOf(box: DOMElement): Rectangle | undefined {
  if (!box.yogaNode) return undefined;
  let x = 0;
  let y = 0;
  for (let node: DOMElement | undefined = box; node?.yogaNode; node = node.parentNode) {
    x += node.yogaNode.getComputedLeft();
    y += node.yogaNode.getComputedTop();
  }
  return {x, y, width: box.yogaNode.getComputedWidth(), height: box.yogaNode.getComputedHeight()};
}
