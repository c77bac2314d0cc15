import { settingKeys } from '../../src/domain/settings/settings.ts';

/** Things that texts count, with the plurals that are not made with an s. */
const things: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...[
        'license',
        'owner',
        'machine',
        'IP',
        'HWID',
        'MAC',
        'key',
        'API key',
        'product',
        'release',
        'command',
        'role',
      ],
      ...['day', 'hour', 'minute', 'second', 'line', 'log post', 'hit', 'alert', 'admin action', 'refused check'],
      ...['granted check', 'check', 'attempt', 'member', 'character', 'slot', 'point', 'client', 'server', 'digit'],
    ].map((one) => [one, `${one}s`]),
  ),
  'IP address': 'IP addresses',
  'MAC address': 'MAC addresses',
  address: 'addresses',
  entry: 'entries',
};

/** Names of fields, settings and programs that people read and type as they stand. */
const typedNames = [
  ...settingKeys,
  ...[
    'http.publicUrl',
    'http.trustedProxies',
    'guilds.allowed',
    'customerId',
    'issue.perStaffPerDay',
    'latchkey',
    'cURL',
    'license_check',
  ],
];

const marks = /<(?:@&?|#)\d+>|<t:\d+:[a-zA-Z]>/g;

/**
 * What is wrong with a text that people read: a value that is missing, a name or an id of the program's own, an instant
 * that Discord could show in the reader's zone, a wrong plural, or a unit that does not fit.
 */
export function textProblems(text: string): readonly string[] {
  const problems: string[] = [];
  const report = (what: string, match: RegExpExecArray | null) => {
    if (match) problems.push(`${what}: “${match[0]}” in “${text.slice(0, 300)}”`);
  };
  const bare = typedNames.reduce((left, name) => left.replaceAll(name, ''), text.replace(marks, ''));

  report('a missing value', /\b(?:undefined|NaN|null|\[object Object\]|Invalid Date)\b|\[object Object\]/.exec(bare));
  report('an instant of the program', /\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.exec(bare));
  report('a raw id', /\b\d{15,20}\b/.exec(bare));
  report('a name of the program', /\b[a-z]+[A-Z]\w*|\b[a-z]+_[a-z]+\b|[{}]"|"\w+":/.exec(bare));
  report('no number', /\bof (?:unlimited|never|inherit)\b/.exec(bare));
  report('a wrong verb', /(?<![\d.,:#])1 \w+ (?:are|were|have)\b/.exec(bare));
  report('a wrong verb', /(?<![\w.,:#])(?:0|[2-9]|\d{2,}) (?:\w+ )?\w+s (?:is|was|has)\b/.exec(bare));
  for (const [minutes] of bare.matchAll(/\b\d+(?= minutes?\b)/g)) {
    if (Number(minutes) >= 60 && Number(minutes) % 60 === 0)
      problems.push(`a unit too small: ${minutes} minutes in “${text}”`);
  }
  for (const [one, many] of Object.entries(things)) {
    report('a wrong plural', new RegExp(`(?<![\\d.,:#])1 ${many}\\b`).exec(bare));
    report(
      'a wrong singular',
      new RegExp(`(?<![\\w.:#])(?:0|[2-9]|\\d{2,}|[\\d,]*\\d,\\d{3}) ${one}\\b(?! address)`).exec(bare),
    );
  }
  return problems;
}

/** All texts that people see in a reply, a card or a modal: everything but ids, addresses and the values of options. */
export function visibleTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(visibleTexts);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || value instanceof Date) return [];
  const isOption = 'label' in value;
  return Object.entries(value).flatMap(([name, part]) =>
    invisible.has(name) || (isOption && name === 'value') ? [] : visibleTexts(part),
  );
}

const invisible = new Set([
  'custom_id',
  'url',
  'value_id',
  'id',
  'timestamp',
  'data',
  'style',
  'type',
  'color',
  'tone',
  'imageUrl',
]);
