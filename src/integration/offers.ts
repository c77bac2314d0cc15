import type { Protocol } from '../domain/attempt.ts';

/** Under which name people choose it, and what it is. */
export interface System {
  readonly title: string;
  /** One sentence on when to take it. */
  readonly describes: string;
}

/** In the order in which they are offered. */
export const systems = {
  lukittu: { title: 'Lukittu', describes: 'signed answers, HWID and IP limits' },
  tki: { title: 'TKI Auth', describes: 'an API key, HWID and IP limits, versions' },
  faxstore: { title: 'FaxStore', describes: 'the key and a product number, IP limits' },
  sunlicense: { title: 'SunLicense', describes: 'the key and a product number, HWID and IP limits' },
  licensegate: { title: 'LicenseGate', describes: 'signed answers, IP limits, no product' },
} as const satisfies Record<Protocol, System>;

/** What code is written for where nobody says otherwise: signed answers, and the HWID counts. */
export const recommendedSystem: Protocol = 'lukittu';

export interface Language {
  readonly title: string;
  /** The sample's file; its template has `.template` behind that. */
  readonly file: string;
  /** How Discord colours it. */
  readonly fence: string;
  /** The line that tries it. */
  readonly run: string;
}

export const languages = {
  javascript: { title: 'JavaScript', file: 'license-check.mjs', fence: 'js', run: 'node license-check.mjs' },
  python: { title: 'Python', file: 'license_check.py', fence: 'py', run: 'python3 license_check.py' },
  java: { title: 'Java', file: 'LicenseCheck.java', fence: 'java', run: 'java LicenseCheck.java' },
  php: { title: 'PHP', file: 'license-check.php', fence: 'php', run: 'php license-check.php' },
  lua: { title: 'Lua', file: 'license-check.lua', fence: 'lua', run: 'lua license-check.lua' },
  csharp: { title: 'C#', file: 'LicenseCheck.cs', fence: 'cs', run: 'dotnet run' },
  curl: { title: 'cURL', file: 'license-check.sh', fence: 'sh', run: 'bash license-check.sh' },
} as const satisfies Record<string, Language>;

export type LanguageName = keyof typeof languages;

export const systemNames = Object.keys(systems) as readonly Protocol[];
export const languageNames = Object.keys(languages) as readonly LanguageName[];
