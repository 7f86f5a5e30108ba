// JSON whose integers are exact. A count has up to 64 bits, and `JSON.parse` rounds what is beyond 2^53.

const MAYBE_LONG = /\d{16}/;
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;

// Parses a text. An integer of 16 digits or more becomes a string of its digits, which `BigInt` takes as it takes a number.
export function parseJson(text) {
  return JSON.parse(MAYBE_LONG.test(text) ? text.replace(STRING_OR_NUMBER, quoteLongInteger) : text);
}

function quoteLongInteger(token) {
  return LONG_INTEGER.test(token) ? `"${token}"` : token;
}

// Writes a value of objects, arrays, strings, numbers, null and BigInt, which `JSON.stringify` refuses.
export function writeJson(value, indent = '') {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}  `;
  const array = Array.isArray(value);
  const parts = array
    ? value.map((item) => inner + writeJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${writeJson(item, inner)}`);
  const [open, close] = array ? '[]' : '{}';
  return parts.length === 0 ? open + close : `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}
