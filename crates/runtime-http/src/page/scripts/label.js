// Labels come from whoever sends requests. They are shown as text, never as markup, and nothing in them acts or hides: control,
// invisible and direction-changing characters are spelled out, and so is white space, but for a plain space between others.

const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|[\ud800-\udfff]|\u2800|(?! )\s|^ | $/gu;

function spelled(character) {
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

// The label in pieces, each `{ text, spelled }`: what is itself, and what stands for a character that cannot be seen.
function labelPieces(label) {
  if (label === '') return [{ text: 'empty', spelled: true }];
  const pieces = [];
  let end = 0;
  for (const match of label.matchAll(HIDDEN)) {
    if (match.index > end) pieces.push({ text: label.slice(end, match.index), spelled: false });
    pieces.push({ text: spelled(match[0]), spelled: true });
    end = match.index + match[0].length;
  }
  if (end < label.length) pieces.push({ text: label.slice(end), spelled: false });
  return pieces;
}

// The label as plain text, for titles, options and what is read aloud.
export function labelText(label) {
  return labelPieces(label).map((piece) => (piece.spelled ? `‹${piece.text}›` : piece.text)).join('');
}

// Shows the label in an element.
export function showLabel(element, label) {
  element.replaceChildren(...labelPieces(label).map((piece) => {
    if (!piece.spelled) return document.createTextNode(piece.text);
    const mark = document.createElement('span');
    mark.className = 'spelled';
    mark.textContent = piece.text;
    return mark;
  }));
}
