/** The package ships no types; this is the part of it that line-chart.ts uses. */
declare module 'asciichart' {
  interface PlotOptions {
    min: number;
    max: number;
    height: number;
    offset: number;
    symbols: readonly string[];
    format: (value: number) => string;
  }

  const asciichart: {plot(series: readonly number[], options: PlotOptions): string};
  export = asciichart;
}
