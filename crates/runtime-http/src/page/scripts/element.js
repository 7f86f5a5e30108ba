// Builds an element: its properties as on the element itself (`className`, `textContent`, …), attributes where the name has a
// dash or is `role`, then its children.

export function element(tag, properties = {}, ...children) {
  const built = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role') built.setAttribute(name, value);
    else built[name] = value;
  }
  built.append(...children);
  return built;
}

// Sets what is another value than before: a refresh that changes nothing costs no layout.
export function showText(place, text) {
  if (place.shownText === text) return;
  place.shownText = text;
  place.textContent = text;
}

export function setOptions(select, options) {
  select.replaceChildren(...options.map(([value, text]) => element('option', { value, textContent: text })));
}
