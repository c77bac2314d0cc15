import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { LineCounter, parseDocument } from 'yaml';
import type { Environment } from './collect-settings.ts';
import type { ConfigError } from './config-error.ts';
import { type ConfigResult, parseConfig } from './schema.ts';

const envFile = '.env';
const yamlFile = 'config/latchkey.yaml';

/**
 * Reads the configuration of this process. The environment wins over `.env`, and `.env` over config/latchkey.yaml; both
 * files are in the project folder, and either may be missing.
 */
export function loadConfig(root: string, processEnv: Environment = process.env): ConfigResult {
  const errors: ConfigError[] = [];
  const read = (name: string) => readText(root, name, errors);

  const env = overlay(parseEnv(read(envFile) ?? ''), processEnv);
  const yaml = read(yamlFile);
  const file = yaml === undefined ? undefined : parseYaml(yaml, errors);

  const result = parseConfig({ env, file, root });
  if (errors.length === 0) return result;
  return { ok: false, errors: result.ok ? errors : [...errors, ...result.errors] };
}

/** Variables of `above` win. A blank variable counts as unset, so that it does not hide a value of `below`. */
function overlay(below: Environment, above: Environment): Environment {
  return { ...below, ...Object.fromEntries(Object.entries(above).filter(([, value]) => value?.trim())) };
}

/** The text of a file; undefined where it does not exist. Bytes that are not UTF-8 are an error, never replaced. */
function readText(root: string, name: string, errors: ConfigError[]): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(root, name)));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return undefined;
    const problem =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8 text' : `cannot be read (${code ?? '?'})`;
    errors.push({ key: name, value: null, problem });
    return undefined;
  }
}

function parseYaml(text: string, errors: ConfigError[]): unknown {
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
