import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** A schema for a setting that is given as text. `allowed` completes the sentence "<key> must be …". */
function setting<T>(allowed: string, parse: (text: string) => T | undefined) {
  return z.string(allowed).transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: allowed, input: text });
    return z.NEVER;
  });
}

/** A schema for a list, given with commas or as a YAML list. Repeated entries count once. */
export function list<T>(allowed: string, item: z.ZodType<T>, minimumLength = 1) {
  const split = (raw: unknown) => (typeof raw === 'string' ? raw.split(',').map((entry) => entry.trim()) : raw);
  const dropBlank = (raw: unknown) => (Array.isArray(raw) ? raw.filter((entry) => entry !== '') : raw);
  return z
    .preprocess((raw) => dropBlank(split(raw)), z.array(item, allowed).min(minimumLength, allowed))
    .transform((items): readonly T[] => [...new Set(items)]);
}

export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER, note = '') {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
  return setting(`a whole number, ${range}${note}`, (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return value >= minimum && value <= maximum ? value : undefined;
  });
}

export function oneOf<const T extends string>(...values: readonly T[]) {
  return setting(`one of ${values.join(', ')}`, (text) => values.find((value) => value === text.toLowerCase()));
}

/** Underscores are allowed because Docker Compose uses them in host names. A name that ends in digits is a mistyped IPv4. */
const hostName = /^(?!.*\.\d+$)(?!\d+$)[a-z0-9_]([\w-]*[a-z0-9_])?(\.[a-z0-9_]([\w-]*[a-z0-9_])?)*$/i;

export const host = setting('an IP address or a host name, without a port', (text) =>
  isIP(text) !== 0 || hostName.test(text) ? text : undefined,
);

export const url = setting('an address like https://licenses.example.com, without user, query and fragment', (text) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return undefined;
  if (parsed.username || parsed.password || /[?#]/.test(text)) return undefined;
  return parsed.href.replace(/\/+$/, '');
});

export const apiUrl = url.refine((address) => !/\/v\d+$/.test(address), {
  error: 'an address like http://127.0.0.1:4000/api, without the version at its end',
});

export const proxy = setting('a list of IP addresses, CIDR ranges, loopback, private', (text) => {
  if (text === 'loopback' || text === 'private') return text;
  const [address = ''] = text.split('/');
  // isIP is asked first, because ipaddr.js also accepts shorthands such as "10" or "0x7f.1".
  return isIP(address) !== 0 && (address === text || ipaddr.isValidCIDR(text)) ? text : undefined;
});

export const headerName = setting('the name of an HTTP header', (text) =>
  /^[\w!#$%&'*+.^`|~-]+$/.test(text) ? text.toLowerCase() : undefined,
);

export const snowflake = setting('a Discord id (17 to 20 digits)', (text) =>
  /^\d{17,20}$/.test(text) ? text : undefined,
);

export const masterKey = setting('32 bytes in base64 (openssl rand -base64 32)', (text) =>
  /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined,
);

const mongodbHost = String.raw`(?:\[[\dA-Fa-f:.]+\]|[^\s:/?#[\]@,]+)(?::\d+)?`;
const mongodbAddress = new RegExp(
  String.raw`^mongodb(?:\+srv)?://(?:[^\s:/?#[\]@]+(?::[^\s:/?#[\]@]*)?@)?${mongodbHost}(?:,${mongodbHost})*(?:/[^\s/?#]*)?(?:\?[^\s#]*)?$`,
);

/** As strict as the MongoDB driver, whose own errors would repeat parts of the address, and with it the password. */
export const mongodbUri = setting(
  'an address like mongodb://user:password@host:27017/latchkey?replicaSet=rs0, or mongodb+srv://…, in which a password ' +
    'has its special characters percent-encoded (@ as %40)',
  (text) => (mongodbAddress.test(text) && isPercentEncoded(text) ? text : undefined),
);

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export const botToken = setting('the bot token alone, without "Bot ", quotes and blanks', (text) =>
  /^[^\s"']+$/.test(text) ? text : undefined,
);
