import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as yamlModule from 'yaml';
import type { Environment } from './collect-settings.ts';
import type { ConfigError } from './config-error.ts';
import { explainFileError } from '../src/files/file-errors.ts';
import { NoTextError, readText, type TextEncoding } from '../src/files/read-text.ts';
import { parseEnvFile } from './parse-env-file.ts';
import { type ConfigResult, parseConfig } from './schema.ts';

const envFile = '.env';
/** Windows hides the ending that Notepad adds to a name. */
const misnamedEnvFile = '.env.txt';
const yamlFile = 'config/latchkey.yaml';

/**
 * Reads the configuration of this process. The environment wins over `.env`, and `.env` over config/latchkey.yaml; both
 * files are in the project folder, and either may be missing.
 */
export function loadConfig(root: string, processEnv: Environment = process.env): ConfigResult {
  const errors: ConfigError[] = [];
  const read = (name: string, encodings: readonly TextEncoding[]) => {
    try {
      return readIfExists(join(root, name), encodings);
    } catch (error) {
      errors.push({ key: name, value: null, problem: describeProblem(error, join(root, name)) });
      return undefined;
    }
  };

  // PowerShell 5 writes UTF-16 where a page like the README says `echo … > .env`.
  const written = parseEnvFile(envFile, read(envFile, ['utf-8', 'utf-16']) ?? '');
  errors.push(...written.errors);
  const warnings: string[] = [];
  if (existsSync(join(root, misnamedEnvFile))) {
    if (existsSync(join(root, envFile))) warnings.push(`${misnamedEnvFile} is not read, because ${envFile} is there`);
    else errors.push({ key: misnamedEnvFile, value: null, problem: `is not read: rename it to ${envFile}` });
  }
  const env = overlay(written.env, processEnv);
  const yaml = read(yamlFile, ['utf-8']);
  const file = yaml === undefined ? undefined : parseYaml(yaml, errors);

  const result = parseConfig({ env, file, root });
  if (errors.length === 0) return result.ok ? { ...result, warnings: [...warnings, ...result.warnings] } : result;
  return { ok: false, errors: result.ok ? errors : [...errors, ...result.errors] };
}

/** Variables of `above` win. A blank variable counts as unset, so that it does not hide a value of `below`. */
function overlay(below: Environment, above: Environment): Environment {
  return { ...below, ...Object.fromEntries(Object.entries(above).filter(([, value]) => value?.trim())) };
}

function readIfExists(file: string, encodings: readonly TextEncoding[]): string | undefined {
  try {
    return readText(file, encodings);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function describeProblem(error: unknown, file: string): string {
  if (error instanceof NoTextError) return 'is not UTF-8 text';
  const sentence = explainFileError(error, file, 'read');
  if (sentence !== null) return sentence.slice(file.length + 1);
  return `cannot be read (${(error as NodeJS.ErrnoException).code ?? '?'})`;
}

function parseYaml(text: string, errors: ConfigError[]): unknown {
  // Loaded only for those who have the file.
  const { LineCounter, parseDocument } = createRequire(import.meta.url)('yaml') as typeof yamlModule;
  const lineCounter = new LineCounter();
  // The library's pretty errors quote the line, which may contain the master key.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, intAsBigInt: true });
  const yamlErrors = [...document.errors, ...document.warnings];
  for (const error of yamlErrors) {
    const { line } = lineCounter.linePos(error.pos[0]);
    errors.push({ key: `${yamlFile}:${line}`, value: null, problem: `is not valid YAML: ${error.message}` });
  }
  if (yamlErrors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    errors.push({ key: yamlFile, value: null, problem: 'uses aliases that cannot be resolved' });
    return undefined;
  }
}
