import { hash } from 'node:crypto';
import { foldText } from './text.ts';

/** What firmware, tools and programs report in words where a machine has no id of its own. */
const words = [
  ...['To be filled by O.E.M.', 'To be filled by OEM', 'O.E.M.', 'OEM_Serial', 'Default string', 'Default'],
  ...['System Serial Number', 'SystemSerialNumb', 'System Product Name', 'System UUID', 'Base Board Serial Number'],
  ...['Chassis Serial Number', 'Serial Number', 'BIOS Serial Number', 'SerialNumber', 'Asset Tag', 'Product ID'],
  ...['Not Applicable', 'Not Available', 'Not Specified', 'Not Settable', 'Not Present', 'Not Found', 'Not Set'],
  ...['N/A', 'Invalid', 'Unknown', 'Unknow', 'None', 'Null', '(null)', '(null string)', 'nil', 'NaN', 'undefined'],
  ...['Empty', 'Error', 'false', 'true', '[object Object]', 'uninitialized', 'localhost'],
  ...['HWID', '%HWID%', '$HWID', '<HWID>', 'YOUR_HWID', 'YOUR_HWID_HERE', 'machine-id', 'UUID'],
];

/** Runs of digits that stand in serial numbers, and the serial number of Android devices and emulators without one. */
const serialNumbers = [
  ...['0', '1', '12345', '123456', '1234567', '12345678', '123456789', '1234567890', '0123456789'],
  ...['01234567890123456789', '12345678901234567', 'SYS-1234567890', 'SN-1234567890', 'MB-1234567890'],
  ...['0123456789ABCDEF', '9774d56d682e549c'],
];

/** UUIDs that vendors ship on whole series of boards, in both byte orders where both are read. */
const uuids = [
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '78563412-3412-7856-90ab-cddeefaabbcc',
  '00010203-0405-0607-0809-0a0b0c0d0e0f',
  '03020100-0504-0706-0809-0a0b0c0d0e0f',
  '01010101-0101-0101-0101-010101010101',
  'fefefefe-fefe-fefe-fefe-fefefefefefe',
  'deadbeef-dead-beef-dead-beefdeadbeef',
  '11111111-2222-3333-4444-555555555555',
  '12345678-1234-1234-1234-123456789abc',
  '12345678-1234-1234-1234-123456789012',
  '6ab5b300-538d-1014-9fb5-b0684d007b53',
  '4c4c4544-0000-2010-8020-80c04f202020',
  '44454c4c-0000-1020-8020-80c04f202020',
];

/** Machine ids of Linux that images ship to everybody: of Debian, and of Whonix and Kicksecure, on purpose. */
const machineIds = ['88544b92092430bc5d3fbbffc12a2f04', 'b08dfa6083e7567a1921a715000001fb'];

/** MAC addresses that are the same on any number of machines: of phones, virtual adapters and Docker's first containers. */
const macs = [
  ...['02:00:00:00:00:00', '0a:00:27:00:00:00', '00:50:56:c0:00:01', '00:50:56:c0:00:08', '00:05:9a:3c:7a:00'],
  ...['ac:de:48:00:11:22', '20:41:53:59:4e:ff', '02:00:4e:43:50:49', '50:50:54:50:30:30', '33:50:6f:45:30:30'],
  ...Array.from({ length: 8 }, (_, index) => `02:42:ac:11:00:0${index + 2}`),
  ...Array.from({ length: 8 }, (_, index) => `02:42:ac:12:00:0${index + 2}`),
];

/** What `repeated` recognises in any length and grouping, in the groupings that programs hash. */
const repeatedIds = ['0', 'f'].flatMap((digit) => [
  [8, 4, 4, 4, 12].map((length) => digit.repeat(length)).join('-'),
  Array(6).fill(digit.repeat(2)).join(':'),
  ...[8, 12, 16].map((length) => digit.repeat(length)),
]);

const algorithms = ['md5', 'sha1', 'sha256', 'sha512'] as const;

/** A HWID without letter case, blanks, dashes and other separators, which programs write or omit. */
export function compactHwid(text: string): string {
  return foldText(text).replace(/[\s:.{}()_-]/g, '');
}

const known: ReadonlySet<string> = new Set(
  [...words, ...serialNumbers, ...uuids, ...machineIds, ...macs].map(compactHwid),
);

/** `00000000-0000-…`, `FF:FF:FF:FF:FF:FF`, `xxxxxxxx`: one digit, or F or X, over and over. */
const repeated = /^([0-9fx])\1{3,}$/;
/** An MD5, SHA-1, SHA-256 or SHA-512 in hex. */
const hashForm = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/;

let hashes: ReadonlySet<string> | null = null;

/**
 * Whether a HWID is a placeholder instead of a machine's own: any number of machines have it. It may be hashed. Letter
 * case, blanks, dashes and other separators do not count.
 */
export function isPlaceholderHwid(hwid: string): boolean {
  const text = compactHwid(hwid);
  if (text === '' || known.has(text) || repeated.test(text)) return true;
  return hashForm.test(text) && (hashes ??= hashesOfPlaceholders()).has(text);
}

/**
 * The known placeholders that a client program may read as the id of its machine from its system, in lower case, without
 * dashes. One digit over and over is another, which is not listed.
 */
export const placeholderMachineIds: readonly string[] = [...machineIds, ...uuids, 'uninitialized'].map(compactHwid);

/**
 * The hashes of all placeholders and of nothing, in the spellings that programs hash: as listed, in lower, upper and
 * title case, UUIDs and MAC addresses also without separators, each with and without the line break that tools print.
 * Making some thousands takes 10 ms, so it waits for the first HWID that looks like a hash.
 */
function hashesOfPlaceholders(): ReadonlySet<string> {
  const ids = [...uuids, ...macs, ...repeatedIds];
  const texts = [...words, ...serialNumbers, ...machineIds, ...ids, ...ids.map(compactHwid)];
  const spellings = new Set([
    '',
    ...texts.flatMap((text) => [text, text.toLowerCase(), text.toUpperCase(), inTitleCase(text)]),
  ]);
  const hashed = [...spellings].flatMap((text) => [text, `${text}\n`, `${text}\r\n`]);
  return new Set(hashed.flatMap((text) => algorithms.map((algorithm) => hash(algorithm, text, 'hex'))));
}

function inTitleCase(text: string): string {
  return text.toLowerCase().replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
