import { z } from 'zod';
import { maxForgetAfter, maxLimit } from '../limits.ts';
import { canonicalName } from '../values/text.ts';

/** The sections that people look settings up in. Each setting is in exactly one. */
export const settingSections = ['limits', 'keys', 'programs', 'channels', 'staff', 'buyers', 'records'] as const;
export type SettingSection = (typeof settingSections)[number];

/** How people choose a setting's value. `parse-setting.ts` reads texts by it, and Discord draws its menus by it. */
export type SettingInput =
  | { readonly type: 'limit' | 'minutes' | 'on-off' | 'count' | 'count-list' | 'text' | 'key-prefix' }
  | { readonly type: 'channel' | 'role' | 'role-list' }
  | { readonly type: 'choice' | 'choice-list'; readonly choices: readonly string[] };

/** What settings of one kind have in common. */
export interface SettingKind<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  readonly input: SettingInput;
  /** What the value may be, as the end of “This must be …”. */
  readonly allowed: string;
}

/** One setting: its kind, and what is its own. */
export interface Setting<S extends z.ZodType = z.ZodType> extends SettingKind<S> {
  readonly default: z.infer<S>;
  readonly section: SettingSection;
  /** What the setting does, as one sentence. */
  readonly does: string;
}

const discordId = z.string().regex(/^\d{15,20}$/);

/** A limit of machines; null: unlimited. */
export const limit = {
  schema: z.int().min(0).max(maxLimit).nullable(),
  input: { type: 'limit' },
  allowed: `a whole number from 0 to ${maxLimit}, or unlimited`,
} as const satisfies SettingKind;

/** A time in minutes; null: never. */
export const minutes = {
  schema: z.int().min(1).max(maxForgetAfter).nullable(),
  input: { type: 'minutes' },
  allowed: `minutes from 1 to ${maxForgetAfter} (720), a duration (12h), or never`,
} as const satisfies SettingKind;

export const onOff = {
  schema: z.boolean(),
  input: { type: 'on-off' },
  allowed: 'on or off',
} as const satisfies SettingKind;

/** A Discord channel's id; null: none. */
export const channel = {
  schema: discordId.nullable(),
  input: { type: 'channel' },
  allowed: 'a Discord channel id, or unset',
} as const satisfies SettingKind;

/** A Discord role's id; null: none. */
export const role = {
  schema: discordId.nullable(),
  input: { type: 'role' },
  allowed: 'a Discord role id, or unset',
} as const satisfies SettingKind;

/**
 * Roles that may do something besides members with Manage Server; empty: none; null: the action's default permission.
 */
export const roleList = {
  schema: z.array(discordId).nullable(),
  input: { type: 'role-list' },
  allowed: 'role ids separated by commas, manage-server (no role), or unset (the default permission)',
} as const satisfies SettingKind;

/** What new keys begin with: printable ASCII. */
export const keyPrefix = {
  schema: z
    .string()
    .max(50)
    .regex(/^(?! )[\x20-\x7e]*$/),
  input: { type: 'key-prefix' },
  allowed: 'up to 50 printable ASCII characters without a leading blank (in quotes where it ends with one), or none',
} as const satisfies SettingKind;

export const productName = {
  schema: z.string().overwrite(canonicalName).min(1).max(100),
  input: { type: 'text' },
  allowed: 'a product name of 1 to 100 characters',
} as const satisfies SettingKind;

/** A whole number. */
export function count(min: number, max: number) {
  return {
    schema: z.int().min(min).max(max),
    input: { type: 'count' },
    allowed: `a whole number from ${min} to ${max}`,
  } as const satisfies SettingKind;
}

/** Up to five whole numbers. */
export function countList(min: number, max: number) {
  return {
    schema: z.array(z.int().min(min).max(max)).max(5),
    input: { type: 'count-list' },
    allowed: `up to five whole numbers from ${min} to ${max} separated by commas, or none`,
  } as const satisfies SettingKind;
}

/** One of these words. */
export function choice<const C extends readonly [string, ...string[]]>(...choices: C) {
  return {
    schema: z.enum(choices),
    input: { type: 'choice', choices },
    allowed: choices.join(', ').replace(/, ([^,]+)$/, ' or $1'),
  } as const satisfies SettingKind;
}

/** Any of these words. */
export function choiceList<const C extends readonly [string, ...string[]]>(...choices: C) {
  return {
    schema: z.array(z.enum(choices)),
    input: { type: 'choice-list', choices },
    allowed: `any of ${choices.join(', ')} separated by commas, all, or none`,
  } as const satisfies SettingKind;
}
