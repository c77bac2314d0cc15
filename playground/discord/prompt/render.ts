import type { SeenMessage, SeenModal } from '../control/visible-message.ts';

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** A message as lines of text: what it says, and what can be used on it. */
export function renderMessage(message: SeenMessage, where: string): string {
  const marks = [message.ephemeral && 'only you', message.loading && 'thinking …', message.edited && 'edited'].filter(
    Boolean,
  );
  const buttons = message.buttons.map(
    ({ label, url, disabled }) => `[${label}${disabled ? ' (off)' : ''}${url ? ` → ${url}` : ''}]`,
  );
  const selects = message.selects.flatMap(({ placeholder, options }) => [
    `‹${placeholder ?? 'pick'}›`,
    ...options.map(({ label, value }) => `  ${value}: ${label}`),
  ]);
  const files = message.files.map(({ name, data, url }) => `file ${name}, ${data.length} bytes: ${url}`);
  const parts = [message.prose, ...selects, ...files, buttons.join(' ')].filter(Boolean);
  return [`${where}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`, indent(parts.join('\n'))].join('\n');
}

export function renderModal({ title, fields }: SeenModal): string {
  const lines = fields.map(({ label, required, placeholder, value, options }) => {
    const hint = [required && 'required', placeholder, value && `now: ${value}`].filter(Boolean).join(', ');
    return `${label}${hint ? ` (${hint})` : ''}${options.map((option) => `\n  ${option.value}: ${option.label}`).join('')}`;
  });
  return [`a form: ${title}`, indent(lines.join('\n')), indent('fill it: fill Label=value Other="two words"')].join(
    '\n',
  );
}
