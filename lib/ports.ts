/** The interfaces of everything outside. Adapters implement them, use cases receive them, tests may fake them. */
export type { StyledLine } from './core/styled.ts';
export type { Deps } from './ports/deps.ts';
export type {
  AgentFiles,
  Files,
  Folder,
  HomeFiles,
  NewEvent,
  Owner,
  StartupFiles,
  Store,
  StoredProject,
  StoredTask,
} from './ports/files.ts';
export type { Beside, Git, KeptFile, WorktreeFact } from './ports/git.ts';
export type { LandGit, Stopped } from './ports/landing.ts';
export type {
  Browser,
  Notifier,
  PreferencesStore,
  Screen,
  ScreenEvent,
  WatchEvent,
  Watcher,
} from './ports/person.ts';
export type { FarRun, Remote } from './ports/remote.ts';
export type { Syntax } from './ports/syntax.ts';
export type { Processes } from './ports/system.ts';
export type { ClientFact, PaneFact, ServerView, Tmux, TmuxCommand } from './ports/tmux.ts';
