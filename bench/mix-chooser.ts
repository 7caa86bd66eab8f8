const mixes = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Finds the network's part in its mixture with the n-gram: the one under which held-out sessions are likeliest. */
export class MixChooser {
  private readonly losses = new Float64Array(mixes.length);

  /** Takes both models' nats at each symbol of a held-out session; NaN where the network did not look. */
  add(ngram: Float64Array, network: Float64Array, times: number): void {
    network.forEach((nats, at) => {
      if (Number.isNaN(nats)) return;
      const [p, q] = [Math.exp(-nats), Math.exp(-(ngram[at] ?? 0))];
      mixes.forEach((mix, index) => {
        const loss = -Math.log(Math.max(mix * p + (1 - mix) * q, Number.MIN_VALUE));
        this.losses[index] = (this.losses[index] ?? 0) + loss * times;
      });
    });
  }

  best(): number {
    return mixes[this.losses.indexOf(Math.min(...this.losses))] ?? 0;
  }
}
