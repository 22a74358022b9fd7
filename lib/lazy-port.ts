/** Ports whose adapter is loaded at its first use: most commands need few of them. */

/** An interface all of whose methods answer with a promise. */
type Answers<Port> = { readonly [Name in keyof Port]: (...given: never[]) => Promise<unknown> };

/** The port that `load` makes at the first call. What stands in `ready` answers without loading it. */
export function lazyPort<Port extends Answers<Port>>(
  load: () => Promise<Port>,
  ready: Partial<Port> = {},
): Port {
  let loaded: Promise<Port> | null = null;
  const method =
    (name: string) =>
    async (...given: unknown[]): Promise<unknown> => {
      loaded ??= load();
      const port = await loaded;
      const call: unknown = Reflect.get(port, name);
      if (typeof call !== 'function') throw new TypeError(`the port has no ${name}`);
      return Reflect.apply(call, port, given);
    };
  const methods = new Map<string, unknown>(Object.entries(ready));
  const proxy: unknown = new Proxy(ready, {
    get(_, name) {
      // A port is no promise, whoever asks.
      if (typeof name !== 'string' || name === 'then') return undefined;
      if (!methods.has(name)) methods.set(name, method(name));
      return methods.get(name);
    },
  });
  return proxy as Port;
}
