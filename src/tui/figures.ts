/** Figures as people read them. What is no number is shown as a dash. */

/** `12,840` */
export function thousands(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const whole = String(Math.round(value));
  return whole.includes('e') ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** At most five cells: `987`, `1.2k`, `340k`, `5.1M`. */
export function compact(value: number): string {
  return scaled(value, ['', 'k', 'M', 'G', 'T', 'P', 'E'], '');
}

/** Decimal bytes, at most six cells: `0 B`, `1.2 MB`, `340 kB`. */
export function bytes(value: number): string {
  return scaled(value, ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'], ' ');
}

/** A percentage of 0–100 with one decimal: `32.1 %`. */
export function percent(value: number): string {
  return Number.isFinite(value) ? `${(Math.round(value * 10) / 10).toFixed(1)} %` : '-';
}

/** How far something is, of 0–1, never rounded up to done: `43 %`. */
export function progressPercent(done: number): string {
  return `${Math.floor(Math.max(0, Math.min(1, done || 0)) * 100)} %`;
}

/** A length of time in its largest unit: `40 s`, `12 min`, `5 h`, `3 d`. */
export function age(micros: number): string {
  if (!Number.isFinite(micros)) return '-';
  const seconds = Math.max(0, micros / 1e6);
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${compact(Math.floor(seconds / 86_400))} d`;
}

/** All values of a record of counts. */
export function sum(counts: Readonly<Record<string, number>>): number {
  let total = 0;
  for (const key in counts) total += counts[key] ?? 0;
  return total;
}

function scaled(value: number, units: readonly string[], gap: string): string {
  if (!Number.isFinite(value)) return '-';
  let rest = Math.abs(value);
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  if (rest >= 999.5) return value.toExponential(0);
  const digits = rest >= 9.95 || (unit === 0 && Number.isInteger(rest)) ? rest.toFixed(0) : rest.toFixed(1);
  return `${value < 0 ? '-' : ''}${digits}${gap}${units[unit] ?? ''}`;
}
