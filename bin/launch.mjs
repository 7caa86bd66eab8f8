#!/usr/bin/env node
// What `siem` and `npm start` run: sets a fresh clone up if need be, then hands over to the compiled program.
import {setUp} from '../scripts/setup.mjs';

setUp();
await import('../dist/bin/siem.js');
