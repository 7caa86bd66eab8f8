import type {Pane, Size} from '../pane.ts';
import {frame} from './frame.ts';
import {type Tile, tileGrid} from './grid.ts';
import {cpuTile, diskTile, memoryTile, networkTile, overviewTile, type SystemData} from './system-tiles.ts';
import {anomaliesTile, processesTile, shareTile, type TallyData} from './tally-tiles.ts';

export interface ChartsData extends SystemData, TallyData {
  /** Which page, where not everything fits (see `chartsPages`). */
  readonly page: number;
}

/** The machine over time and the shares of what happened: everything where there is room, else page by page. */
export const chartsPane: Pane<ChartsData> = (data, size, theme) => {
  const pages = pagesFor(size)(data);
  const page = pages[((Math.trunc(data.page) % pages.length) + pages.length) % pages.length];
  return page === undefined ? frame([], size) : tileGrid(page, size, theme);
};

/** How many pages a pane of this size needs; `page` in the data may be any whole number and wraps round. */
export function chartsPages(size: Size): number {
  if (pagesFor(size) === wholePages) return 1;
  return pagesFor(size) === halfPages ? 3 : 7;
}

type Page = readonly (readonly Tile[])[];

function pagesFor({width, height}: Size): (data: ChartsData) => readonly Page[] {
  if (width >= 150 && height >= 40) return wholePages;
  return width >= 70 && height >= 14 ? halfPages : smallPages;
}

function wholePages(data: ChartsData): readonly Page[] {
  return [
    [
      [cpuTile(data), anomaliesTile(data)],
      [memoryTile(data), pair(shareTile(data, 'level'), shareTile(data, 'source'))],
      [diskTile(data), pair(shareTile(data, 'event-id'), shareTile(data, 'anomaly-type'))],
      [networkTile(data), pair(shareTile(data, 'protocol'), processesTile(data))],
    ],
  ];
}

function halfPages(data: ChartsData): readonly Page[] {
  return [
    [
      [cpuTile(data), memoryTile(data)],
      [diskTile(data), networkTile(data)],
    ],
    [[anomaliesTile(data)], [shareTile(data, 'level'), shareTile(data, 'anomaly-type')]],
    [
      [shareTile(data, 'source'), shareTile(data, 'event-id')],
      [shareTile(data, 'protocol'), processesTile(data)],
    ],
  ];
}

function smallPages(data: ChartsData): readonly Page[] {
  return [
    [[overviewTile(data)]],
    [[anomaliesTile(data)]],
    [[shareTile(data, 'level')]],
    [[shareTile(data, 'source')]],
    [[shareTile(data, 'event-id')]],
    [[shareTile(data, 'anomaly-type')]],
    [[shareTile(data, 'protocol')]],
  ];
}

function pair(left: Tile, right: Tile): Tile {
  return (size, theme) => tileGrid([[left, right]], size, theme);
}
