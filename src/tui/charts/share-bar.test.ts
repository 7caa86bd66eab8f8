import {shares as goldenShares} from '../../../tests/fixtures/golden-day.ts';
import {cellWidth} from '../text.ts';
import {createTheme} from '../theme.ts';
import {shareBar, shareRows, shareText} from './share-bar.ts';

const unicode = createTheme({colour: false, unicode: true, zone: 'utc'});

function told(dimension: keyof typeof goldenShares, top: number): string[] {
  return shareRows(goldenShares[dimension], top).map(row => `${row.value} ${shareText(row)}`);
}

test('the shares of the golden day are the figures that are known', () => {
  expect(told('level', 1)).toEqual(['information 92.5 %', 'other 7.5 %']);
  expect(told('level', 3)).toEqual(['information 92.5 %', 'warning 4.7 %', 'error 1.8 %', 'other 1.0 %']);
  expect(told('source', 5)).toEqual([
    'Microsoft-Windows-Kernel-Power 32.1 %',
    'TPM 24.6 %',
    'Software Protection Platform 21.5 %',
    'DellTechHub 11.1 %',
    'Alienware SupportAssist Remediation 10.6 %',
    'other 0.1 %',
  ]);
  expect(told('event-id', 5)).toEqual([
    '17 31.5 %',
    '0 29.0 %',
    '566 13.8 %',
    '16394 13.4 %',
    '16384 12.3 %',
    'other <0.1 %',
  ]);
  expect(told('anomaly-type', 5)).toEqual(['Network Packet Anomaly 96.0 %', 'Windows Event Log Anomaly 4.0 %']);
  expect(told('protocol', 2)).toEqual(['TCP 66.8 %', 'UDP 32.6 %', 'other 0.6 %']);
});

test('shares are of all events, and what came as other joins what was left out', () => {
  const rows = shareRows(
    [
      {value: 'a', count: 5},
      {value: 'b', count: 3},
      {value: 'other', count: 2},
    ],
    1,
  );
  expect(rows).toEqual([
    {value: 'a', count: 5, percent: 50, rest: false},
    {value: 'other', count: 5, percent: 50, rest: true},
  ]);
});

test('each share is rounded for itself', () => {
  const thirds = shareRows(
    ['a', 'b', 'c'].map(value => ({value, count: 1})),
    3,
  );
  expect(thirds.map(shareText)).toEqual(['33.3 %', '33.3 %', '33.3 %']);
});

test('no events make no rows', () => {
  expect(shareRows([], 5)).toEqual([]);
  expect(shareRows([{value: 'a', count: 0}], 5)).toEqual([]);
});

test('the bar fills its width, and differs without colour', () => {
  const lines = shareBar(goldenShares.protocol, {width: 40, height: 6}, unicode);
  expect(lines.map(cellWidth)).toEqual([40, 40, 40, 40, 40]);
  expect(lines[0]).toBe(`${'█'.repeat(27)}${'▓'.repeat(13)}`);
  expect(lines[1]).toBe('█ TCP                   668,000   66.8 %');
});
