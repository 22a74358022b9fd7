/** What a layout file of the right shape may still have wrong: names, sizes that do not add up, no agent. */
import type { Direction, LayoutFile, NodeFile, PaneFile, SplitFile } from './layout.ts';
import { layoutOf, paneFiles, panesOf, seatsAgent, sizeOf } from './layout.ts';

type Path = readonly (string | number)[];
interface Found {
  readonly path: Path;
  readonly reason: string;
}

/** Most panes of one window: more than anyone reads. */
const mostPanes = 32;

/** Everything that contradicts itself in a file that fits `layoutSchema`. */
export function meaningProblems(file: LayoutFile): readonly Found[] {
  const top: Found[] = [];
  if (!panesOf(layoutOf(file).panes).some(seatsAgent))
    top.push({ path: ['panes'], reason: 'no pane runs an agent; one is needed' });
  const count = paneFiles(file.panes).length;
  if (count > mostPanes) top.push({ path: ['panes'], reason: `${count} panes; at most ${mostPanes}` });
  const nodes = allNodes(file.panes, ['panes']);
  return [
    ...top,
    ...repeatedNames(nodes),
    ...nodes.flatMap(({ node, path }) => ('children' in node ? splitProblems(node, path) : [])),
    ...nodes.flatMap(({ node, path }) => ('children' in node ? [] : rolelessProblems(node, path))),
  ];
}

interface Seen {
  readonly node: NodeFile;
  readonly path: Path;
}

function allNodes(node: NodeFile, path: Path): readonly Seen[] {
  if (!('children' in node)) return [{ node, path }];
  const below = node.children.flatMap((child, index) => allNodes(child, [...path, 'children', index]));
  return [{ node, path }, ...below];
}

function repeatedNames(nodes: readonly Seen[]): readonly Found[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ node, path }) => {
    if ('children' in node || node.name === undefined) return [];
    if (seen.has(node.name))
      return [{ path: [...path, 'name'], reason: `a second pane named "${node.name}"` }];
    seen.add(node.name);
    return [];
  });
}

function rolelessProblems(pane: PaneFile, path: Path): readonly Found[] {
  const { runs = 'agent', role } = pane;
  const agent = runs === 'agent' || (typeof runs === 'object' && 'agent' in runs);
  return role === undefined || agent ? [] : [{ path: [...path, 'role'], reason: 'only an agent has a role' }];
}

function splitProblems(split: SplitFile, path: Path): readonly Found[] {
  const childPath = (index: number) => [...path, 'children', index];
  const found: Found[] = [];
  const resting = indices(split, (child) => child.size === 'rest');
  const unsized = indices(split, (child) => child.size === undefined);
  const percent = split.children.reduce((all, child) => {
    const size = sizeOf(child.size);
    return size !== 'rest' && 'percent' in size ? all + size.percent : all;
  }, 0);
  for (const index of resting.slice(1))
    found.push({
      path: [...childPath(index), 'size'],
      reason: 'a second "rest" in one split; leave the sizes out to share evenly',
    });
  if (resting.length > 0)
    for (const index of unsized)
      found.push({
        path: childPath(index),
        reason: 'has no size, but a neighbour takes the rest; state one',
      });
  if (percent > 100)
    found.push({ path: [...path, 'children'], reason: `the sizes add up to ${percent} %, more than 100 %` });
  else if (percent === 100 && resting.length + unsized.length > 0)
    found.push({
      path: childPath([...resting, ...unsized][0] ?? 0),
      reason: 'its neighbours take 100 %, nothing is left',
    });
  split.children.forEach((child, index) => {
    const least = statedMinimum(child, split.split);
    if (typeof child.size === 'number' && least > child.size)
      found.push({
        path: [...childPath(index), 'size'],
        reason: `${child.size} cells, but the minimum in it is ${least} ${split.split}`,
      });
  });
  return found;
}

function indices(split: SplitFile, wanted: (child: NodeFile) => boolean): readonly number[] {
  return split.children.flatMap((child, index) => (wanted(child) ? [index] : []));
}

/** Cells along an axis by what the file states; a pane that states nothing needs one. */
function statedMinimum(node: NodeFile, axis: Direction): number {
  if (!('children' in node)) return node.min?.[axis] ?? 1;
  const each = node.children.map((child) => statedMinimum(child, axis));
  return node.split === axis ? each.reduce((a, b) => a + b, each.length - 1) : Math.max(...each);
}
