import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type LanguageName, languages } from '../../src/integration/offers.ts';

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** What runs a language's samples on this machine. */
interface Tool {
  /** Debian packages that bring it. */
  readonly packages: string;
  /** Ends with 0 where it is there. */
  readonly probe: readonly [command: string, ...args: string[]];
  /** What has to be done to the file once, beforehand. */
  readonly prepare?: readonly [command: string, ...args: string[]];
  readonly command: (home: string) => readonly [command: string, ...args: string[]];
}

export const tools: Readonly<Record<LanguageName, Tool>> = {
  javascript: {
    packages: 'node',
    probe: [process.execPath, '--version'],
    command: () => [process.execPath, languages.javascript.file],
  },
  python: { packages: 'python3', probe: ['python3', '--version'], command: () => ['python3', languages.python.file] },
  java: {
    packages: 'default-jdk-headless',
    probe: ['javac', '--version'],
    // Java asks the system who this user is, not the environment where home is.
    command: (home) => ['java', '-XX:TieredStopAtLevel=1', `-Duser.home=${home}`, languages.java.file],
  },
  php: {
    packages: 'php-cli php-curl',
    probe: ['php', '-r', 'exit(function_exists("curl_init") && function_exists("openssl_verify") ? 0 : 1);'],
    command: () => ['php', languages.php.file],
  },
  lua: { packages: 'lua5.4', probe: ['lua5.4', '-v'], command: () => ['lua5.4', languages.lua.file] },
  csharp: {
    packages: 'mono-mcs mono-runtime libmono-system-net-http4.0-cil',
    probe: ['mcs', '--version'],
    prepare: ['mcs', '-warnaserror', '-r:System.Net.Http.dll', languages.csharp.file],
    command: () => ['mono', 'LicenseCheck.exe'],
  },
  curl: { packages: 'bash curl openssl', probe: ['curl', '--version'], command: () => ['bash', languages.curl.file] },
};

export function isInstalled({ probe: [command, ...args] }: Tool): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface InstalledSample {
  /** What it keeps of its last success; null: nothing. */
  kept(): string | null;
  keep(text: string): void;
  run(licenseKey: string): Promise<Ran>;
}

/** Puts a sample into a folder of its own, which is also its user's home. */
export async function installSample(
  dir: string,
  language: LanguageName,
  code: string,
  keptIn: string,
): Promise<InstalledSample> {
  const home = mkdtempSync(join(dir, `${language}-`));
  const { prepare, command } = tools[language];
  writeFileSync(join(home, languages[language].file), code);
  const inHome = (words: readonly [string, ...string[]], own: object = {}) => {
    const [file, ...args] = words;
    const env = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', ...own };
    return new Promise<Ran>((done) => {
      execFile(file, args, { cwd: home, env }, (error, out, err) => {
        done({ exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
      });
    });
  };
  if (prepare) {
    const prepared = await inHome(prepare);
    if (prepared.exitCode !== 0) throw new Error(prepared.out + prepared.err);
  }
  const state = join(home, '.licenses', keptIn);
  return {
    kept: () => {
      try {
        return readFileSync(state, 'utf8');
      } catch {
        return null;
      }
    },
    keep: (text) => {
      mkdirSync(join(home, '.licenses'), { recursive: true });
      writeFileSync(state, text);
    },
    run: (licenseKey) => inHome(command(home), { LICENSE_KEY: licenseKey }),
  };
}

/**
 * What stands between a program and its server. `gone` hangs up, `silent` never answers, `replay` answers what the
 * server answered last, and a number is what a proxy answers in its place.
 */
type Weather = 'fine' | 'gone' | 'silent' | 'replay' | number;

export interface Front {
  readonly url: string;
  /** How often it was asked since the weather changed. */
  readonly asked: () => number;
  become(weather: Weather): void;
  /** Where the server is. */
  leadTo(port: number): void;
  stop(): Promise<void>;
}

export async function startFront(): Promise<Front> {
  let weather: Weather = 'fine';
  let asked = 0;
  let target = 0;
  /** The last answer of each path. */
  const answered = new Map<string, string>();

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url: path = '/', method, headers } = incoming;
    const body = await text(incoming);
    const passed = request({ host: '127.0.0.1', port: target, path, method, headers }, (answer) => {
      void text(answer).then((said) => {
        answered.set(path, said);
        outgoing.writeHead(answer.statusCode ?? 0, { 'content-type': 'application/json' }).end(said);
      });
    });
    passed.end(body);
  }

  const server = createServer((incoming, outgoing) => {
    asked += 1;
    if (weather === 'fine') void pass(incoming, outgoing);
    else if (weather === 'gone') incoming.socket.destroy();
    else if (weather === 'silent') return;
    else if (typeof weather === 'number') outgoing.writeHead(weather).end('<html></html>');
    else outgoing.writeHead(200).end(answered.get(incoming.url ?? ''));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    become(next) {
      weather = next;
      asked = 0;
    },
    leadTo(port) {
      target = port;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
