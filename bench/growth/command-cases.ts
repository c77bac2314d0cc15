import { hwidOf, keyOf, ownerOf, world } from '../store/world.ts';

type Options = Readonly<Record<string, string | number | boolean>>;

/** One use of a slash command, and what is pressed after it. */
export interface CommandCase {
  readonly options?: Options;
  /** Left out: the manager. */
  readonly by?: 'buyer';
  /** The labels of the buttons that are pressed one after the other. */
  readonly press?: readonly string[];
  /** What is typed into the modal that opens, by label. */
  readonly type?: Readonly<Record<string, string>>;
  /** See `Operation`. */
  readonly refusesChecks?: true;
}

/** A license of its own for each use, since most change it. */
let nextLicense = 4_000;
const license = () => {
  nextLicense += 1;
  return String(nextLicense);
};
const product = String(world.product.id);
const older = { press: ['Older ▶', 'Older ▶'] } as const;
const once: readonly CommandCase[] = [{}];
const ofLicense = (options: Options = {}): readonly CommandCase[] => [{ options: { license: license(), ...options } }];

/**
 * Every slash command with the uses that read or change most on a large store. A command that is missing here fails a
 * unit test.
 */
export const commandCases: Readonly<Record<string, readonly CommandCase[]>> = {
  setup: once,
  'settings view': once,
  'settings edit': [{ options: { section: 'limits' } }],
  'settings set': [{ options: { key: 'limits.ip', value: '6' } }],
  'product create': [{ options: { name: 'Another', version: '1.0.0' } }],
  'product edit': [{ options: { product, description: 'For a large shop', trial: '7d' } }],
  'product version': [
    { options: { product, version: '1.1.0', policy: 'any' } },
    { options: { product, version: '1.0.0' } },
  ],
  'product info': [{ options: { product } }],
  'product list': once,
  'product release add': [{ options: { product, version: '1.2.0' } }],
  'product release list': [{ options: { product } }],
  'product release latest': [{ options: { product, version: '1.2.0' } }],
  'product release archive': [{ options: { product, version: '1.2.0' } }],
  'license issue': [
    { options: { product, user: ownerOf(0), silent: true } },
    { options: { product, amount: 100, silent: true } },
  ],
  'license info': [...ofLicense(), { options: { user: ownerOf(0) } }, { options: { license: keyOf(2_000) } }],
  'license list': [
    older,
    { options: { product }, ...older },
    { options: { user: ownerOf(0) } },
    ...['deleted', 'suspended', 'off', 'expired', 'active'].map((state) => ({ options: { state }, ...older })),
    { options: { staff: true } },
    { options: { 'expires-within': 30 } },
  ],
  'license search': [
    { options: { text: world.ip }, ...older },
    { options: { text: hwidOf(77) } },
    { options: { text: keyOf(77) } },
    { options: { text: keyOf(77).slice(-5) } },
    { options: { text: '#100077' } },
    { options: { text: 'invoice 77' } },
    { options: { text: 'Server' }, ...older },
    { options: { text: 'nothing has this in it' } },
    { options: { text: world.ip, state: 'suspended' } },
    { options: { text: `buyer${2 * 400}` } },
  ],
  'license edit': ofLicense({ note: 'a note', 'hwid-limit': '3' }),
  'license extend': ofLicense({ term: '30d' }),
  'license suspend': ofLicense({ reason: 'charged back' }),
  'license resume': ofLicense(),
  'license reassign': ofLicense({ user: ownerOf(0) }),
  'license share': ofLicense({ user: ownerOf(1) }),
  'license unshare': ofLicense({ user: ownerOf(1) }),
  'license rekey': ofLicense(),
  'license resend': ofLicense(),
  'license reset': ofLicense({ what: 'all' }),
  'license delete': [{ options: { license: license() }, press: ['Delete it'] }],
  'license restore': ofLicense(),
  'license logs': [
    { options: { license: license() }, ...older },
    { options: { license: license(), result: 'denied', since: '30d' } },
  ],
  'customer show': [{ options: { who: ownerOf(0) } }, { options: { who: 'ana@example.com' } }],
  'customer list': [older, { options: { search: 'nobody is called so' } }, { options: { shop: 'tebex' } }],
  'customer edit': [{ options: { who: ownerOf(0), username: 'a name' } }],
  'customer merge': [{ options: { from: ownerOf(400), into: ownerOf(800) }, press: ['Merge them', 'Undo'] }],
  logs: [
    older,
    { options: { result: 'hwid-limit' }, ...older },
    { options: { result: 'points-spent' } },
    { options: { protocol: 'lukittu' } },
    { options: { ip: world.ip }, ...older },
    { options: { ip: '192.0.2.1' } },
    { options: { hwid: hwidOf(77) } },
    { options: { hwid: 'no such machine' } },
    { options: { product, since: '30d' }, ...older },
  ],
  audit: [
    older,
    { options: { person: ownerOf(0) } },
    { options: { license: license() } },
    { options: { action: 'license.purged' } },
    { options: { since: '30d' }, ...older },
  ],
  'blacklist add ip': [
    { options: { ip: '198.51.100.77' } },
    { options: { ip: '198.51.0.0/16' } },
    { options: { ip: world.ip } },
  ],
  'blacklist add hwid': [{ options: { hwid: 'no such machine' } }, { options: { hwid: hwidOf(88) } }],
  'blacklist add key': [{ options: { key: keyOf(88) } }],
  'blacklist add user': [{ options: { user: ownerOf(0) } }],
  'blacklist add country': [{ options: { country: 'ATA' } }],
  'blacklist remove': [{ options: { entry: '3' } }],
  'blacklist list': [older, { options: { type: 'hwid' }, ...older }, { options: { type: 'country' } }],
  'blacklist check': [
    { options: { value: '203.0.0.1' } },
    { options: { value: '198.51.100.1' } },
    { options: { value: hwidOf(99) } },
  ],
  'apikey create': [{ options: { name: 'another', scopes: 'auth' } }],
  'apikey list': once,
  'apikey revoke': [{ options: { apikey: '1' } }],
  mylicenses: [{ by: 'buyer', press: ['More ▶', 'More ▶'] }],
  redeem: [{ by: 'buyer', options: { key: keyOf(3_000) } }],
  trial: [{ by: 'buyer', options: { product } }],
  integrate: [{ options: { language: 'python', product, system: 'tki' } }],
  help: once,
  'product delete': [
    {
      ...{ options: { product }, press: ['Delete it'], type: { 'Type its name': world.product.name } },
      refusesChecks: true,
    },
  ],
  'product restore': [{ options: { product: world.product.name }, refusesChecks: true }],
};

const typed = ['', 'Ser', 'invoice 77', keyOf(77), '4077', 'nothing has this in it'];
const shortTexts = ['5'];
const products = ['', 'nothing', world.product.name];

const customers = ['', 'buyer', 'nobody is called so', ownerOf(0)];

/** What is typed into options that complete, by the option's name; those of one name complete alike. */
export const completedTexts: Readonly<Record<string, readonly string[]>> = {
  action: ['', 'license', 'no such action'],
  license: typed,
  product: products,
  also: products,
  'add-product': products,
  'remove-product': products,
  ...{ who: customers, from: customers, into: customers },
  entry: ['', '203.', 'no such value'],
  apikey: ['', 'bench'],
  version: ['', '1.'],
  key: ['', 'limits'],
  value: shortTexts,
  expires: shortTexts,
  term: shortTexts,
  duration: shortTexts,
  since: shortTexts,
  what: ['', 'hwid'],
  country: ['', 'ger'],
  trial: shortTexts,
  'ip-limit': shortTexts,
  'hwid-limit': shortTexts,
  'mac-limit': shortTexts,
  'ip-forget-after': shortTexts,
  'hwid-forget-after': shortTexts,
  'mac-forget-after': shortTexts,
  points: shortTexts,
  'points-limit': shortTexts,
  'points-refill': shortTexts,
};
