/**
 * The text of a plugin with `@export` for its export: tools that look at our bundle, which holds such texts, would take
 * it for a module otherwise.
 */
export function pluginText(text: string): string {
  return text.replaceAll('@export', 'export');
}
