/** The part of blessed 0.1.81 that the screen uses: its terminal program, without widgets. */
declare module 'blessed/lib/program.js' {
  export interface BlessedKey {
    readonly name?: string;
    readonly full: string;
  }
  export interface BlessedMouse {
    readonly action: string;
    readonly button?: string;
    readonly x: number;
    readonly y: number;
  }
  export interface BlessedProgram {
    cols: number;
    rows: number;
    on(event: 'keypress', listener: (text: string | undefined, key: BlessedKey) => void): void;
    on(event: 'mouse', listener: (mouse: BlessedMouse) => void): void;
    on(event: 'resize', listener: () => void): void;
    setMode(mode: string): void;
    resetMode(mode: string): void;
    hideCursor(): void;
    showCursor(): void;
    setMouse(modes: Readonly<Record<string, boolean>>, on: boolean): void;
    disableMouse(): void;
    _write(text: string): void;
    destroy(): void;
  }
  const create: (options: Readonly<Record<string, unknown>>) => BlessedProgram;
  // biome-ignore lint/style/noDefaultExport: this is how Node hands over a CommonJS module.
  export default create;
}
