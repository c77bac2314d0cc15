import type { VisibleMessage } from '../control/visible-message.ts';
import type { VisibleModal } from '../control/visible-modal.ts';

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** A message as lines of text: its text, its components and its files. `where` names the channel. */
export function renderMessage(message: VisibleMessage, where: string): string {
  const states = [message.ephemeral && 'only you', message.loading && 'thinking …', message.edited && 'edited'].filter(
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
  return [`${where}${states.length > 0 ? ` (${states.join(', ')})` : ''}`, indent(parts.join('\n'))].join('\n');
}

/** A modal as lines of text, with a line that shows how to fill it in. */
export function renderModal({ title, fields }: VisibleModal): string {
  const lines = fields.map(({ label, required, placeholder, value, options }) => {
    const hint = [required && 'required', placeholder, value && `now: ${value}`].filter(Boolean).join(', ');
    return `${label}${hint ? ` (${hint})` : ''}${options.map((option) => `\n  ${option.value}: ${option.label}`).join('')}`;
  });
  return [`a form: ${title}`, indent(lines.join('\n')), indent('fill it: fill Label=value Other="two words"')].join(
    '\n',
  );
}
