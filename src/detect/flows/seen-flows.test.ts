import {generatedFlow} from '../surprise/flows/generated-flow.ts';
import {Site} from '../surprise/flows/site.ts';
import {SeenFlows} from './seen-flows.ts';

const report = (position: number, bytesOut: number, ended: boolean, epoch = '1') => {
  const flow = generatedFlow({time: 1, position, bytesOut, ended, destinationIp: '203.0.113.7'});
  return {...flow, origin: {...flow.origin, epoch}};
};

test('each report gives what it adds, and the same memory', () => {
  const flows = new SeenFlows(new Site());
  const [first, second, last] = [report(1, 100, false), report(1, 250, false), report(1, 300, true)].map(one =>
    flows.see(one),
  );
  expect([first, second, last].map(seen => [seen?.isNew, seen?.bytesOut])).toEqual([
    [true, 100],
    [false, 150],
    [false, 50],
  ]);
  expect(last?.memory).toBe(first?.memory);
  expect(flows.open).toBe(0);
});

test('the same position of another epoch is another flow', () => {
  const flows = new SeenFlows(new Site());
  flows.see(report(1, 100, false));
  expect(flows.see(report(1, 100, false, '2')).isNew).toBe(true);
});

test('however many flows go on, memory is bounded', () => {
  const flows = new SeenFlows(new Site(), 100);
  for (let position = 0; position < 5_000; position++) flows.see(report(position, 1, false));
  expect(flows.open).toBe(100);
});

test('which side is inside and which outside', () => {
  const seen = (sourceIp: string, destinationIp: string) =>
    new SeenFlows(new Site()).see(generatedFlow({time: 1, sourceIp, destinationIp}));
  expect(seen('192.168.1.2', '203.0.113.7')).toMatchObject({sourceInside: true, destinationOutside: true});
  expect(seen('203.0.113.7', 'fd00::1')).toMatchObject({sourceOutside: true, destinationInside: true});
  expect(seen('0.0.0.0', '255.255.255.255')).toMatchObject({sourceOutside: false, destinationOutside: false});
  expect(seen('192.168.1.2', '224.0.0.251')).toMatchObject({destinationInside: false, destinationOutside: false});
});
