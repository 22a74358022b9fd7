/** Which agents sit in which panes of a layout. */

import { taskName, uniqueName } from '../names.ts';
import type { Layout, LayoutNode, LayoutPane } from './layout.ts';
import { panesOf, seatsAgent } from './layout.ts';

/** An agent to be made for a pane; `name` is also the pane's name in the layout it came with. */
export interface SeatedAgent {
  readonly name: string;
  readonly preset: string;
  readonly role: string;
}

/** A layout whose agent panes all name their preset and are called after their agent. */
export interface SeatedLayout {
  readonly layout: Layout;
  /** In the layout's order. */
  readonly agents: readonly SeatedAgent[];
}

/**
 * Seats agents: the n-th agent pane takes the n-th of `presets`; after the last, the preset the layout names, else
 * `fallback` (by default the first of `presets`). For more presets than panes, further panes are made beside the last
 * agent; no agent of `presets` may be left out for want of room. Agents are called after their preset (`claude`,
 * `claude-2`), so the same presets give the same names again.
 */
export function withAgents(
  layout: Layout,
  presets: readonly string[],
  fallback = presets[0] ?? '',
): SeatedLayout {
  const agents: SeatedAgent[] = [];
  const taken = new Set<string>();
  const seat = (pane: LayoutPane): LayoutPane => {
    if (!('agent' in pane.runs)) return pane;
    const asked = presets[agents.length];
    const preset = asked ?? pane.runs.agent ?? fallback;
    const name = uniqueName(taskName(preset) || 'agent', (each) => taken.has(each));
    taken.add(name);
    agents.push({ name, preset, role: pane.role ?? 'implementer' });
    return { ...pane, name, runs: { agent: preset }, drop: asked === undefined ? pane.drop : null };
  };
  const seated = eachPane(enlarged(layout.panes, presets.length), seat);
  const panes = eachPane(seated, (pane) => {
    if (seatsAgent(pane)) return pane;
    const name = uniqueName(pane.name, (each) => taken.has(each));
    taken.add(name);
    return { ...pane, name };
  });
  return { layout: { ...layout, panes }, agents };
}

/** The node with agent panes for at least `wanted` agents; new ones stand beside the last. */
function enlarged(node: LayoutNode, wanted: number): LayoutNode {
  const seats = panesOf(node).filter(seatsAgent);
  const last = seats.at(-1);
  const missing = wanted - seats.length;
  if (last === undefined || missing <= 0) return node;
  const beside: LayoutPane = {
    ...last,
    role: 'implementer',
    runs: { agent: null },
    size: 'rest',
    drop: null,
  };
  const children = [{ ...last, size: 'rest' as const }, ...Array.from({ length: missing }, () => beside)];
  return eachPane(node, (pane) => (pane === last ? { split: 'columns', size: last.size, children } : pane));
}

function eachPane(node: LayoutNode, change: (pane: LayoutPane) => LayoutNode): LayoutNode {
  if (!('children' in node)) return change(node);
  return { ...node, children: node.children.map((child) => eachPane(child, change)) };
}
