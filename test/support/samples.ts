import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type LanguageName, languages } from '../../src/integration/offers.ts';

export interface Ran {
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
  /** The second between two tries, as the language's template has it, and the pause that tests put there instead. */
  readonly pause: readonly [shipped: string, tested: string];
  /** Compiles the file, once for all that run it. */
  readonly compile?: readonly [command: string, ...args: string[]];
  /** Runs the program in the folder `program` for the user whose home is `home`. */
  readonly command: (program: string, home: string) => readonly [command: string, ...args: string[]];
}

export const tools: Readonly<Record<LanguageName, Tool>> = {
  javascript: {
    packages: 'node',
    probe: [process.execPath, '--version'],
    pause: ['await wait(1000)', 'await wait(1)'],
    command: (program) => [process.execPath, join(program, languages.javascript.file)],
  },
  python: {
    packages: 'python3',
    probe: ['python3', '--version'],
    pause: ['time.sleep(1)', 'time.sleep(0.001)'],
    command: (program) => ['python3', join(program, languages.python.file)],
  },
  java: {
    packages: 'default-jdk-headless',
    probe: ['javac', '--version'],
    pause: ['Thread.sleep(1000)', 'Thread.sleep(1)'],
    // Both run too briefly for the second compiler of the JVM.
    compile: ['javac', '-J-XX:TieredStopAtLevel=1', languages.java.file],
    // Java asks the system who this user is, not the environment where home is.
    command: (program, home) => [
      'java',
      '-XX:TieredStopAtLevel=1',
      `-Duser.home=${home}`,
      '-cp',
      program,
      'LicenseCheck',
    ],
  },
  php: {
    packages: 'php-cli php-curl',
    probe: ['php', '-r', 'exit(function_exists("curl_init") && function_exists("openssl_verify") ? 0 : 1);'],
    pause: ['sleep(1)', 'usleep(1000)'],
    command: (program) => ['php', join(program, languages.php.file)],
  },
  lua: {
    packages: 'lua5.4',
    probe: ['lua5.4', '-v'],
    pause: ["'sleep 1'", "'sleep 0.001'"],
    command: (program) => ['lua5.4', join(program, languages.lua.file)],
  },
  csharp: {
    packages: 'mono-mcs mono-runtime libmono-system-net-http4.0-cil',
    probe: ['mcs', '--version'],
    pause: ['Thread.Sleep(1000)', 'Thread.Sleep(1)'],
    compile: ['mcs', '-warnaserror', '-r:System.Net.Http.dll', languages.csharp.file],
    command: (program) => ['mono', join(program, 'LicenseCheck.exe')],
  },
  curl: {
    packages: 'bash curl openssl',
    probe: ['curl', '--version'],
    pause: ['sleep 1', 'sleep 0.001'],
    command: (program) => ['bash', join(program, languages.curl.file)],
  },
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
  /** `own`: further variables of the environment. */
  run(licenseKey: string, own?: Readonly<Record<string, string>>): Promise<Ran>;
}

/** Runs a command to its end in a folder that is the home of its user. */
function runIn(home: string, [file, ...args]: readonly [string, ...string[]], own: object = {}): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', ...own };
  return new Promise((done) => {
    execFile(file, args, { cwd: home, env }, (error, out, err) => {
      done({ exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
    });
  });
}

/** Folders with programs that are ready to run, by their code: compiling takes longer than running. */
const programs = new Map<string, Promise<string>>();

async function makeProgram(dir: string, language: LanguageName, code: string): Promise<string> {
  const { pause, compile } = tools[language];
  const [before, after, ...more] = code.split(pause[0]);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${languages[language].file} does not pause once with ${pause[0]}.`);
  const program = mkdtempSync(join(dir, `${language}-`));
  writeFileSync(join(program, languages[language].file), before + pause[1] + after);
  if (compile) {
    const { exitCode, out, err } = await runIn(program, compile);
    if (exitCode !== 0) throw new Error(out + err);
  }
  return program;
}

/** Makes a program of a sample's code, which does not wait between its tries, for a user with an empty home. */
export async function installSample(
  dir: string,
  language: LanguageName,
  code: string,
  keptIn: string,
): Promise<InstalledSample> {
  const home = mkdtempSync(join(dir, 'home-'));
  const made = programs.get(code) ?? makeProgram(dir, language, code);
  programs.set(code, made);
  const program = await made;
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
    run: (licenseKey, own) => runIn(home, tools[language].command(program, home), { ...own, LICENSE_KEY: licenseKey }),
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
