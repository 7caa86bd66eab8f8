/** What to type so that capture works: said wherever the capability is missing. */
export function grantCommand(node: string): string {
  return (
    `run siem as root: sudo siem monitor; or once: sudo setcap cap_net_raw+ep ${node} ` +
    '(then every program run by this node may capture packets); or without packets: packets = no in [capture]'
  );
}
