// Copies a text. A page that is served over plain HTTP by another host has no clipboard: then the text is shown, selected.

import { element } from './element.js';

// Tells in `announce` what happened.
export async function copyText(text, what, announce) {
  try {
    await navigator.clipboard.writeText(text); // a TypeError where there is no clipboard
    announce(`Copied ${what}.`);
  } catch {
    showForCopying(text, what);
    announce(`No clipboard here: ${what} is shown for copying.`);
  }
}

function showForCopying(text, what) {
  const area = element('textarea', { value: text, readOnly: true, rows: 16, 'aria-label': what });
  const close = element('button', { type: 'submit', textContent: 'Close' });
  const dialog = element('dialog', { className: 'copying' },
    element('form', { method: 'dialog' }, element('h2', { textContent: `Copy ${what}` }), area, close));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  area.select();
}

export function copyButton(text, name, onClick) {
  const button = element('button', { type: 'button', className: 'copy', textContent: text, title: name, 'aria-label': name });
  button.addEventListener('click', onClick);
  return button;
}
