import type { Protocol } from '../domain/attempt.ts';

/** A protocol as people choose it. */
export interface System {
  readonly title: string;
  /** What it offers, in a few words. */
  readonly describes: string;
}

/** The systems in the order in which they are offered. */
export const systems = {
  lukittu: { title: 'Lukittu', describes: 'signed answers, HWID and IP limits' },
  tki: { title: 'TKI Auth', describes: 'an API key, HWID and IP limits, versions' },
  faxstore: { title: 'FaxStore', describes: 'the key and a product number, IP limits' },
  sunlicense: { title: 'SunLicense', describes: 'the key and a product number, HWID and IP limits' },
  licensegate: { title: 'LicenseGate', describes: 'signed answers, IP limits, no product' },
} as const satisfies Record<Protocol, System>;

/** The system of sample code unless another is asked for: it signs its answers and limits HWIDs. */
export const recommendedSystem: Protocol = 'lukittu';

export interface Language {
  readonly title: string;
  /** The file name of the sample; its template has `.template` appended. */
  readonly file: string;
  /** The name of the language for Discord's syntax highlighting. */
  readonly fence: string;
  /** The command that runs the sample. */
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
