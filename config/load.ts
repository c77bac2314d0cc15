import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { LineCounter, parseDocument } from 'yaml';
import type { Environment } from './collect.ts';
import type { ConfigError } from './config-error.ts';
import { type ConfigResult, parseConfig } from './schema.ts';

const envFile = '.env';
const yamlFile = 'config/latchkey.yaml';

/** The configuration of this process: its environment, then `.env`, then config/latchkey.yaml of the project folder. */
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

/** A blank variable is an unset one, so that it does not hide what lies below. */
function overlay(below: Environment, above: Environment): Environment {
  return { ...below, ...Object.fromEntries(Object.entries(above).filter(([, value]) => value?.trim())) };
}

/** The text of a file, undefined where there is none. Bytes that are no UTF-8 are a error, not question marks. */
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
  // The pretty errors of the library quote the line, which may hold the master key.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, intAsBigInt: true });
  const faults = [...document.errors, ...document.warnings];
  for (const fault of faults) {
    const { line } = lineCounter.linePos(fault.pos[0]);
    errors.push({ key: `${yamlFile}:${line}`, value: null, problem: `cannot be understood: ${fault.message}` });
  }
  if (faults.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    errors.push({ key: yamlFile, value: null, problem: 'uses aliases that cannot be resolved' });
    return undefined;
  }
}
