/** The newest lines of a program that may print without end. */

/** Takes lines without end and keeps the newest; its size has a bound. */
export interface OutputTail {
  add(line: string): void;
  /** The lines kept, each with its line feed. */
  text(): string;
}

/** Keeps `most` UTF-16 units, a last line that is longer by itself cut at its start. */
export function createOutputTail(most: number): OutputTail {
  let lines: string[] = [];
  let size = 0;
  const text = () => lines.join('').slice(-most);
  return {
    add(line) {
      lines.push(`${line}\n`);
      size += line.length + 1;
      // Not at every line: cutting a long text anew for each would take longer than the program.
      if (size < most * 2) return;
      lines = [text()];
      size = lines[0]?.length ?? 0;
    },
    text,
  };
}
