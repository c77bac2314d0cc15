/**
 * Measures valid TKI checks on a store of 10,000 licenses, in turns with baselines on the same Node. The speed of a machine
 * varies, above all of a shared one, so compare only the ratios.
 *
 *   npm run bench -- [--seconds 5] [--rounds 3] [--licenses 10000] [--store sqlite|mongodb] [--members 1]
 *   npm run bench -- --challenges
 *   npm run bench -- --floods [--seconds 5]
 */
import { parseArgs } from 'node:util';
import { benchChallenges } from './challenges.ts';
import { benchEmbedded } from './embedded.ts';
import { benchFloods } from './floods.ts';
import { benchMongodb } from './mongodb.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    licenses: { type: 'string', default: '10000' },
    store: { type: 'string', default: 'sqlite' },
    members: { type: 'string', default: '1' },
    challenges: { type: 'boolean', default: false },
    floods: { type: 'boolean', default: false },
  },
});
const options = {
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
  licenses: Number(values.licenses),
};

if (values.challenges) await benchChallenges(options);
else if (values.floods) await benchFloods(options);
else if (values.store === 'mongodb') await benchMongodb(options, Number(values.members));
else if (values.store === 'sqlite') await benchEmbedded(options);
else throw new Error(`--store is sqlite or mongodb, not ${values.store}`);
