/** The made-up small network of the demonstration: one web server that is watched, and those around it. */
export interface Machine {
  readonly ip: string;
  readonly mac: string;
}

export const server: Machine = {ip: '10.20.0.10', mac: '02:00:5e:20:00:10'};
export const gateway: Machine = {ip: '10.20.0.1', mac: '02:00:5e:20:00:01'};
export const database: Machine = {ip: '10.20.0.30', mac: '02:00:5e:20:00:30'};
export const attacker: Machine = {ip: '10.20.0.66', mac: '02:00:5e:20:00:66'};
/** Where stolen data goes: beyond the gateway. */
export const dropZone: Machine = {ip: '11.22.33.44', mac: gateway.mac};

export const clients: readonly [Machine, ...Machine[]] = [
  {ip: '10.20.0.21', mac: '02:00:5e:20:00:21'},
  {ip: '10.20.0.22', mac: '02:00:5e:20:00:22'},
  {ip: '10.20.0.23', mac: '02:00:5e:20:00:23'},
  {ip: '10.20.0.24', mac: '02:00:5e:20:00:24'},
];

export const serverName = 'web1';
