/** What a program prints, read as it comes and kept within bounds. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Bytes kept of each stream: the last ones, where a failing program says why. */
const mostOutput = 1 << 20;

/** Characters after which a line without an end is told in pieces. */
const longestLine = 1 << 16;

/** Reads the stream to its end, tells each line, and answers a function to call once at its end for what was kept of it. */
export function capture(stream: Readable, onLine: ((line: string) => void) | undefined): () => string {
  const kept: Buffer[] = [];
  const decoder = new StringDecoder('utf8');
  let [size, line] = [0, ''];
  const tell = (text: string) => {
    const lines = (line + text).split('\n');
    line = lines.pop() ?? '';
    for (const each of lines) onLine?.(each);
    if (line.length < longestLine) return;
    onLine?.(line);
    line = '';
  };
  stream.on('data', (chunk: Buffer) => {
    kept.push(chunk);
    size += chunk.length;
    for (let first = kept[0]; first && size - first.length >= mostOutput; first = kept[0]) {
      size -= first.length;
      kept.shift();
    }
    if (onLine) tell(decoder.write(chunk));
  });
  return () => {
    if (line !== '') onLine?.(line);
    line = '';
    return Buffer.concat(kept).subarray(-mostOutput).toString('utf8');
  };
}
