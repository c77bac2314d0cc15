import {
  asText,
  integerField,
  isObject,
  listField,
  objectField,
  textField,
  urlField,
  type Json,
} from './check-fields.ts';
import type { Path, Problems } from './problems.ts';

const maxEmbeds = 10;
const maxTotal = 6_000;
const media = ['http', 'https', 'attachment'];

/** Checks embeds by https://discord.com/developers/docs/resources/message#embed-object-embed-limits. */
export function checkEmbeds(problems: Problems, path: Path, value: unknown): void {
  const embeds = listField(problems, path, value, { max: maxEmbeds });
  let total = 0;
  for (const [index, raw] of embeds.entries()) {
    const embed = objectField(problems, [...path, index], raw);
    checkEmbed(problems, [...path, index], embed);
    total += embedLength(embed);
  }
  if (total > maxTotal) {
    problems.add(path, 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${maxTotal}`);
  }
}

function checkEmbed(problems: Problems, path: Path, embed: Json): void {
  const { title, description, url, color, timestamp, footer, author, image, thumbnail, fields } = embed;
  textField(problems, [...path, 'title'], title, { max: 256 });
  textField(problems, [...path, 'description'], description, { max: 4_096 });
  urlField(problems, [...path, 'url'], url, ['http', 'https']);
  integerField(problems, [...path, 'color'], color, { min: 0, max: 0xff_ff_ff });
  if (timestamp !== undefined && timestamp !== null && Number.isNaN(Date.parse(asText(timestamp)))) {
    problems.add([...path, 'timestamp'], 'DATE_TIME_TYPE_PARSE', `Could not parse ${asText(timestamp)}.`);
  }
  if (isObject(footer)) {
    textField(problems, [...path, 'footer', 'text'], footer.text, { max: 2_048, required: true });
    urlField(problems, [...path, 'footer', 'icon_url'], footer.icon_url, media);
  }
  if (isObject(author)) {
    textField(problems, [...path, 'author', 'name'], author.name, { max: 256, required: true });
    urlField(problems, [...path, 'author', 'url'], author.url, ['http', 'https']);
    urlField(problems, [...path, 'author', 'icon_url'], author.icon_url, media);
  }
  for (const [name, picture] of Object.entries({ image, thumbnail })) {
    if (isObject(picture)) urlField(problems, [...path, name, 'url'], picture.url, media);
  }
  for (const [index, raw] of listField(problems, [...path, 'fields'], fields, { max: 25 }).entries()) {
    const at = [...path, 'fields', index];
    const field = objectField(problems, at, raw);
    textField(problems, [...at, 'name'], field.name, { max: 256, required: true });
    textField(problems, [...at, 'value'], field.value, { max: 1_024, required: true });
  }
  if (isEmptyEmbed(embed)) problems.add([...path, 'description'], 'BASE_TYPE_REQUIRED', 'This field is required');
}

function isEmptyEmbed({ title, description, footer, author, image, thumbnail, fields, url, timestamp }: Json): boolean {
  const parts = [title, description, footer, author, image, thumbnail, url, timestamp];
  return (
    parts.every((part) => part === undefined || part === null || part === '') &&
    !(Array.isArray(fields) && fields.length > 0)
  );
}

function embedLength(embed: Json): number {
  const { title, description, footer, author, fields } = embed;
  const texts: unknown[] = [title, description];
  if (isObject(footer)) texts.push(footer.text);
  if (isObject(author)) texts.push(author.name);
  if (Array.isArray(fields)) {
    for (const field of fields as unknown[]) if (isObject(field)) texts.push(field.name, field.value);
  }
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0);
}
