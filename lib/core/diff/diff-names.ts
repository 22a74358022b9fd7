/** Names of files as git writes them in a diff: quoted as in C where they hold quotes, backslashes or control bytes. */

const escapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** The name on a header line such as `--- a/x`, without `side` (`a/`). git ends a name with blanks by a tab. */
export function nameOfLine(told: string, side: string): string {
  const name = told.startsWith('"') ? unquoted(told).name : told.replace(/\t$/, '');
  return name.startsWith(side) ? name.slice(side.length) : name;
}

/**
 * Both names of a `diff --git` line, which only tell where they are the same, or quoted; null where they do not. What is
 * renamed has lines of its own for its names.
 */
export function bothNames(told: string): readonly [string, string] | null {
  if (told.startsWith('"')) {
    const first = unquoted(told);
    return [without(first.name, 'a/'), nameOfLine(told.slice(first.length + 1), 'b/')];
  }
  const half = (told.length - 1) / 2;
  const [first, second] = [told.slice(0, half), told.slice(half + 1)];
  if (first.slice(2) === second.slice(2) && told[half] === ' ')
    return [without(first, 'a/'), without(second, 'b/')];
  const quoted = told.indexOf(' "b/');
  return quoted < 0 ? null : [without(told.slice(0, quoted), 'a/'), nameOfLine(told.slice(quoted + 1), 'b/')];
}

function without(name: string, side: string): string {
  return name.startsWith(side) ? name.slice(side.length) : name;
}

/** A quoted name and how many units of `told` it took. Bytes beyond ASCII come as octal numbers, in UTF-8. */
function unquoted(told: string): { readonly name: string; readonly length: number } {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  let at = 1;
  while (at < told.length && told[at] !== '"') {
    const octal = /^\\([0-3][0-7]{2})/.exec(told.slice(at, at + 4));
    if (octal) {
      bytes.push(Number.parseInt(octal[1] ?? '0', 8));
      at += 4;
    } else if (told[at] === '\\') {
      const code = escapes[told[at + 1] ?? ''];
      if (code !== undefined) bytes.push(code);
      at += 2;
    } else {
      const character = String.fromCodePoint(told.codePointAt(at) ?? 0);
      bytes.push(...encoder.encode(character));
      at += character.length;
    }
  }
  return { name: new TextDecoder().decode(new Uint8Array(bytes)), length: at + 1 };
}
