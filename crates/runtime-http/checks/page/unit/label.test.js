import assert from 'node:assert/strict';
import { test } from 'node:test';

import { labelText } from '../../../src/page/scripts/label.js';

const CASES = [
  ['a right-to-left override is spelled', '/x\u202egpj.exe', '/x‹U+202E›gpj.exe'],
  ['a control character is spelled', '/a\u0000\u001b[31m', '/a‹U+0000›‹U+001B›[31m'],
  ['a line break is spelled', 'a\r\nb', 'a‹U+000D›‹U+000A›b'],
  ['a zero-width character is spelled', 'ad\u200bmin', 'ad‹U+200B›min'],
  ['a tag character beyond the first plane is spelled', 'a\u{e0041}', 'a‹U+E0041›'],
  ['white space at an end is spelled, in the middle not', ' a b ', '‹U+0020›a b‹U+0020›'],
  ['white space other than a plain space is spelled wherever it is', 'a\u00a0b\u2003c\u3000d', 'a‹U+00A0›b‹U+2003›c‹U+3000›d'],
  ['a blank that is a letter to Unicode is spelled', 'a\u2800b', 'a‹U+2800›b'],
  ['an empty label is told', '', '‹empty›'],
  ['letters of any script stay', '/größe/日本/пример/🙂', '/größe/日本/пример/🙂'],
  ['markup is text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
];

for (const [name, label, shown] of CASES) test(name, () => assert.equal(labelText(label), shown));
