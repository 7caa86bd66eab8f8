/** What the sums of a minute are kept by, by the field that names it: a flow is counted in each of them, so never in two at once. */
export const trafficDimensions = {
  'network.transport': 'transport',
  'network.protocol': 'service',
  'host.ip': 'talker',
} as const;

export type TrafficField = keyof typeof trafficDimensions;

export function isTrafficField(name: string): name is TrafficField {
  return Object.hasOwn(trafficDimensions, name);
}
