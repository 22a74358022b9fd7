/** Formats of tmux that find panes by what they are for. None holds a word that tmux's quoting would change. */

const isRole = (role: string): string => `#{==:#{@pitwall_role},${role}}`;
const isSeat = `#{||:${isRole('sidebar')},${isRole('slot')}}`;
const first = (list: string): string => `#{s/ .*//:${list}}`;

/** The slot of the format's window, empty when there is none. */
export const slotHere = first(`#{P:#{?${isRole('slot')},#{pane_id} ,}}`);

/** The slot or sidebar of the format's window, empty when there is none. */
export const seatHere = first(`#{P:#{?${isSeat},#{pane_id} ,}}`);

/** The live sidebar wherever it is, empty when there is none. */
export const sidebarAnywhere = first(`#{S:#{W:#{P:#{?${isRole('sidebar')},#{pane_id} ,}}}}`);

/** Where the person works in the format's window: its last pane if that is no seat, else its first that is none. */
const workHere = first(
  `#{P:#{?#{&&:#{pane_last},#{?${isSeat},0,1}},#{pane_id} ,}}#{P:#{?${isSeat},,#{pane_id} }}`,
);

/** The format's pane, or for the sidebar and a slot the pane the person works in beside it. */
export const workPane = `#{?${isSeat},${workHere},#{pane_id}}`;
