// How many parts a text costs: domain/sms.py once more, so that it is known with every key and no
// request is made for it. tests/browser/test_sms_count.py holds the two together.

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
  + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENSION = new Set("^{}\\[~]|€\f");
const CAPACITY = { "GSM-7": [160, 153], "UCS-2": [70, 67] };

const FRACTIONS = {
  "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5",
  "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
};
const each = (characters, plain) => [...characters].map((character) => [character, plain]);
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n));
const PLAIN = new Map([
  ...range(0x21, 0x7e).map((character) => [String.fromCodePoint(character.codePointAt(0) + 0xfee0), character]),
  ...each("\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02b9\u02bc\u00b4`\uff40", "'"),
  ...each("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u275d\u275e\u301d\u301e", '"'),
  ...each("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u2043\ufe58\ufe63", "-"),
  ...each([...range(0x2000, 0x200a), "\t", "\u202f", "\u205f", "\u3000"], " "),
  ...each("\u2028\u2029", "\n"),
  ...each("\u2044\u2215", "/"),
  ["\u2026", "..."], ["\u2025", ".."], ["\u00d7", "x"], ["\u02dc", "~"], ["\u02c6", "^"],
  ["\ufb00", "ff"], ["\ufb01", "fi"], ["\ufb02", "fl"], ["\ufb03", "ffi"], ["\ufb04", "ffl"],
  ["\u200e", ""],
  ...Object.entries(FRACTIONS),
]);
const WHOLE_AND_FRACTION = new RegExp(`([0-9])(?=[${Object.keys(FRACTIONS).join("")}])`, "g");
const INVISIBLE = /[\ufeff\u200b\u2060\u00ad]/g;

export function plan(text) {
  const characters = [...text];
  const encoding = characters.every((each) => BASIC.has(each) || EXTENSION.has(each)) ? "GSM-7" : "UCS-2";
  const widths = characters.map((each) => width(each, encoding));
  const units = widths.reduce((sum, each) => sum + each, 0);
  const [single, of] = CAPACITY[encoding];
  const parts = counted(widths, units, single, of);
  return { encoding, parts, units, room: parts === 1 ? single : parts * of };
}

/** The text as it is sent. */
export function plain(text) {
  const kept = tidied(text);
  const spelt = madePlain(kept);
  const told = plan(spelt);
  return told.encoding === "GSM-7" && told.parts <= plan(kept).parts ? spelt : kept;
}

/** As the desk stores what an agent has written. */
export const clean = (text) =>
  text.toWellFormed().replace(/\r\n?/g, "\n").replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, "")
    .replace(/^[\s\x85]+|[\s\x85]+$/g, (edge) => edge.replace(/[^\ufeff]/g, ""));

function tidied(text) {
  const kept = text.replace(INVISIBLE, "").replaceAll("\u00a0", " ");
  const composed = kept.normalize("NFC");
  return plan(composed).parts <= plan(kept).parts ? composed : kept;
}

const madePlain = (text) =>
  [...text.replace(WHOLE_AND_FRACTION, "$1 ")].map((each) => PLAIN.get(each) ?? each).join("");

function width(character, encoding) {
  if (encoding === "UCS-2") return character.length;
  return EXTENSION.has(character) ? 2 : 1;
}

function counted(widths, units, single, of) {
  if (units <= single) return 1;
  let [parts, used] = [1, 0];
  for (const each of widths) {
    if (used + each > of) [parts, used] = [parts + 1, 0];
    used += each;
  }
  return parts;
}
