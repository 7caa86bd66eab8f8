import {packFloats, unpackFloats} from '../packed.ts';

const bins = 240;
const binsPerNat = 12;
/** At so many scores all counts are halved: what is rare now is measured by what the series did of late. */
const most = 16_384;

/** How rare a score is within its own series: −ln of the part of the scores before it that were as high. */
export class ScoreRank {
  private readonly counts = new Float32Array(bins);
  private total = 0;

  rarity(score: number): number {
    let above = 0;
    for (let at = binOf(score); at < bins; at++) above += this.counts[at] ?? 0;
    return -Math.log((above + 1) / (this.total + 1));
  }

  learn(score: number): void {
    const at = binOf(score);
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.total += 1;
    if (this.total < most) return;
    this.counts.forEach((count, bin) => {
      this.counts[bin] = count / 2;
    });
    this.total /= 2;
  }

  forget(): void {
    this.counts.fill(0);
    this.total = 0;
  }

  snapshot(): string {
    return packFloats(this.counts);
  }

  restore(snapshot: string): void {
    this.counts.set(unpackFloats(snapshot).subarray(0, bins));
    this.total = this.counts.reduce((sum, count) => sum + count, 0);
  }
}

function binOf(score: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(score * binsPerNat)));
}
