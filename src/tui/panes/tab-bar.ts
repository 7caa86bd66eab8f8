import {compact} from '../figures.ts';
import type {Pane, Theme} from '../pane.ts';
import {cellWidth, fitCells, printable} from '../text.ts';
import {frame} from './frame.ts';

export interface TabsData {
  readonly tabs: readonly {readonly key: string; readonly name: string; readonly count?: number}[];
  readonly active: number;
}

/** One line of tabs for a screen that shows one pane at a time. The chosen one is in brackets without colour too. */
export const tabBar: Pane<TabsData> = (data, size, theme) => {
  const counted = data.tabs.map((_, index) => tabText(data, index, true, theme));
  const texts = fits(counted, size.width) ? counted : data.tabs.map((_, index) => tabText(data, index, false, theme));
  if (!fits(texts, size.width)) return frame([onlyActive(data, size.width, theme)], size);
  const line = texts.map((text, index) => theme.paint(index === data.active ? 'selected' : 'dim', text)).join('');
  const used = texts.reduce((cells, text) => cells + cellWidth(text), 0);
  return frame([line + ' '.repeat(size.width - used)], size);
};

function tabText({tabs, active}: TabsData, index: number, counted: boolean, theme: Theme): string {
  const tab = tabs[index];
  if (tab === undefined) return '';
  const count = counted && tab.count !== undefined ? ` ${compact(tab.count)}` : '';
  const text = printable(`${tab.key} ${tab.name}${count}`, theme.unicode);
  return index === active ? `[${text}]` : ` ${text} `;
}

function fits(texts: readonly string[], width: number): boolean {
  return texts.reduce((cells, text) => cells + cellWidth(text), 0) <= width;
}

function onlyActive(data: TabsData, width: number, theme: Theme): string {
  return theme.paint('selected', fitCells(tabText(data, data.active, true, theme), width, theme.unicode));
}
