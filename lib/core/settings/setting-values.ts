/** Kinds of values that settings are made of. The messages follow the key's path: “sidebar.width must be …”. */
import * as v from 'valibot';

/** A whole number from `least` to `most`. */
export const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.number(`must be a whole number from ${least} to ${most}`),
    v.integer(`must be a whole number from ${least} to ${most}`),
    v.minValue(least, `must be a whole number from ${least} to ${most}`),
    v.maxValue(most, `must be a whole number from ${least} to ${most}`),
  );

/** Text that may be handed to a program as one word. */
export const word = v.pipe(
  v.string('must be a text'),
  v.minLength(1, 'must not be empty'),
  v.regex(/^[^\0]*$/, 'must not hold a NUL'),
);

/** A name that is part of file names and of `TASK/AGENT`. */
export const name = v.pipe(
  v.string('must be a name'),
  v.regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}_-]{0,47}$/u, 'must be a name of letters, digits, - and _'),
);

/** What ssh can be given as a destination: one word that is no option, nor anything to a shell. */
export const destinationPattern = /^(?!-)(?!.*@-)[^\s\p{Cc}'"`$\\;&|<>(){}*?!#]{1,255}$/u;

/** A program and its arguments; never put through a shell. */
export const argv = v.pipe(
  v.array(v.string('must be a list of words'), 'must be a list of words: the program and its arguments'),
  v.minLength(1, 'must name a program'),
  v.check((words) => words[0] !== '', 'must name a program'),
);

/** Absent and null are the same: nothing chosen. */
export const orNone = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema), null);
