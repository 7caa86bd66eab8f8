import type {FlowEvent} from '../src/event/event.ts';

/** Sums up what batches of flows cost. */
export class CostMeter {
  private cpu = 0;
  private flows = 0;
  private readonly batches: number[] = [];

  run(batch: readonly FlowEvent[], judge: (batch: readonly FlowEvent[]) => void): void {
    const cpu = process.cpuUsage();
    const began = performance.now();
    judge(batch);
    this.batches.push(((performance.now() - began) * 1_000) / batch.length);
    const {user, system} = process.cpuUsage(cpu);
    this.cpu += user + system;
    this.flows += batch.length;
  }

  result(): {microsPerFlow: number; medianMicros: number} {
    const sorted = this.batches.sort((a, b) => a - b);
    return {
      microsPerFlow: rounded(this.cpu / Math.max(1, this.flows)),
      medianMicros: rounded(sorted[Math.floor(sorted.length / 2)] ?? 0),
    };
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
