/** Lines with style, as views make them and screens draw them. */

/** The terminal's own colours, by name; what they look like is the person's choice. */
export type Color = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** A run of characters in one style. */
export interface Span {
  readonly text: string;
  readonly color?: Color;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly reverse?: boolean;
  readonly underline?: boolean;
}

/** A line of a frame; cut by the screen's width before it gets to a screen. */
export type StyledLine = readonly Span[];
