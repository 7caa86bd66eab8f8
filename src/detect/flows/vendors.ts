/**
 * Who made a network card, by the first three bytes of its address: a few makers that are often met, from common
 * knowledge. There is no table of all; what is not here is called by its bytes.
 */
export function vendorName(prefix: string): string {
  return names.get(prefix) ?? prefix;
}

const byVendor: Readonly<Record<string, string>> = {
  Amazon: '44:65:0d fc:a1:83 68:37:e9 f0:27:2d',
  Apple: '00:03:93 00:1e:c2 3c:07:54 a4:5e:60 f0:18:98 ac:bc:32 28:cf:e9 d8:bb:2c',
  Axis: '00:40:8c ac:cc:8e b8:a4:4f',
  Brother: '00:80:77 00:1b:a9',
  Canon: '00:00:85 00:1e:8f',
  Cisco: '00:00:0c 00:1b:54 00:1e:14 00:23:04 58:ac:78',
  Dahua: '3c:ef:8c 4c:11:bf 90:02:a9',
  Dell: '00:14:22 f8:b1:56 b0:83:fe d4:be:d9 18:66:da',
  Epson: '00:00:48 00:26:ab 64:eb:8c',
  Espressif: '24:0a:c4 30:ae:a4 3c:71:bf 84:f3:eb a4:cf:12 ec:fa:bc 18:fe:34 5c:cf:7f',
  Fortinet: '00:09:0f 90:6c:ac',
  Google: '00:1a:11 3c:5a:b4 f4:f5:d8 54:60:09',
  Hikvision: '28:57:be 44:19:b6 bc:ad:28 c0:56:e3',
  HP: '00:17:a4 3c:d9:2b 00:1b:78 94:57:a5 b4:99:ba',
  Intel: '00:1b:21 00:15:17 3c:97:0e a0:36:9f 90:e2:ba',
  Juniper: '00:05:85 2c:6b:f5',
  Linksys: '00:06:25 00:12:17 00:14:bf',
  Microsoft: '00:15:5d 00:50:f2 28:18:78',
  MikroTik: '00:0c:42 4c:5e:0c d4:ca:6d 6c:3b:6b',
  Netgear: '00:14:6c 00:1b:2f a0:40:a0',
  NVIDIA: '00:04:4b',
  'Palo Alto Networks': '00:1b:17',
  'Philips Hue': '00:17:88',
  QNAP: '00:08:9b 24:5e:be',
  'Raspberry Pi': 'b8:27:eb dc:a6:32 e4:5f:01 d8:3a:dd 28:cd:c1 2c:cf:67',
  Realtek: '00:e0:4c',
  Sonos: '00:0e:58 5c:aa:fd b8:e9:37',
  Supermicro: '00:25:90 ac:1f:6b 0c:c4:7a',
  Synology: '00:11:32',
  'TP-Link': '50:c7:bf f4:f2:6d 14:cc:20',
  Ubiquiti: '00:15:6d 24:a4:3c 04:18:d6 80:2a:a8 78:8a:20',
  VirtualBox: '08:00:27',
  VMware: '00:50:56 00:0c:29 00:05:69 00:1c:14',
  Xen: '00:16:3e',
};

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(byVendor).flatMap(([name, prefixes]) => prefixes.split(' ').map(prefix => [prefix, name] as const)),
);
