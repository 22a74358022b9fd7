/** Which files a prompt names: its words that look like paths, held against the files there are. */
import { oneLine } from '../errors.ts';

/** Words of a prompt that are looked at, and files that one word may stand for. */
const mostWords = 400;
const mostMatches = 12;

/** A word with a folder or a file ending in it, or a well-known name without one (`Makefile`). */
const pathLike =
  /^(?=.*[\p{L}\p{N}])(?:[^\s/]*\/.*|.*[\p{L}\p{N}_-]\.[A-Za-z0-9]{1,8}|[A-Z][A-Za-z]*file|README|LICENSE|CHANGELOG)$/u;

/** The words of a prompt that may name files, each once, as paths are written: `./src/a.ts:12,` is `src/a.ts`. */
export function pathWords(prompt: string): readonly string[] {
  const words = prompt
    .split(/[\s"'`()[\]{}<>|,;]+/u)
    .filter((word) => word.length < 1000)
    .slice(0, mostWords)
    .map((word) =>
      oneLine(word)
        .replace(/^[@.]*\//, '')
        .replace(/^@/, '')
        .replace(/[.:!?]+$/, '')
        .replace(/(?::\d+){1,2}$|#L\d+(?:-L?\d+)?$/, ''),
    )
    .filter((word) => pathLike.test(word) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(word));
  return [...new Set(words)];
}

/**
 * The files that `words` name among `files`: by their path, by the end of it (`search.ts`, `src/search.ts`), or by a
 * folder above. A word that fits too many names none of them.
 */
export function namedFiles(words: readonly string[], files: Iterable<string>): ReadonlySet<string> {
  const all = [...files];
  const known = new Set(all);
  const named = new Set<string>();
  for (const word of words) {
    if (known.has(word)) {
      named.add(word);
      continue;
    }
    const folder = word.endsWith('/') ? word : `${word}/`;
    const inside = word.includes('/') ? all.filter((file) => file.startsWith(folder)) : [];
    const ends = word.endsWith('/') ? [] : all.filter((file) => file.endsWith(`/${word}`));
    const matches = inside.length > 0 ? inside : ends;
    if (matches.length <= mostMatches) for (const file of matches) named.add(file);
  }
  return named;
}
