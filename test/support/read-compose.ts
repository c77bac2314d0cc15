import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface ComposeService {
  readonly build?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly security_opt?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly pids_limit?: number;
  readonly restart?: string;
  readonly healthcheck?: object;
  readonly deploy?: { readonly resources: { readonly limits: { readonly memory: string } } };
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** compose.yaml with its anchors and merges resolved. */
export function readCompose(): Compose {
  return parse(readFileSync(new URL('../../compose.yaml', import.meta.url), 'utf8'), { merge: true }) as Compose;
}
