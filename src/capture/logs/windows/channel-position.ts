import {z} from 'zod';
import type {Micros} from '../../../event/event.ts';

const positionSchema = z.object({
  version: z.literal(1),
  /** Of the newest event read; 0 where there was none yet. */
  record: z.number().int().min(0),
  time: z.number().int(),
  /** When the log was made. */
  created: z.string(),
  /** How often its numbers began anew since. */
  cleared: z.number().int().min(0),
});

/** Where reading of a channel stands. Record numbers count within `created` and `cleared`. */
export type ChannelPosition = Readonly<z.infer<typeof positionSchema>>;

export function parseChannelPosition(value: unknown): ChannelPosition | undefined {
  return positionSchema.safeParse(value).data;
}

export function epochOf({created, cleared}: ChannelPosition): string {
  return cleared === 0 ? created : `${created}.${cleared}`;
}

export function movedTo(position: ChannelPosition, record: number, time: Micros): ChannelPosition {
  return {...position, record, time};
}
