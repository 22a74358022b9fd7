/**
 * The dialogs of each kind of agent that are known, as they were seen on the screens of claude 2.1.197, codex 0.169.0,
 * gemini 0.61.0, qwen 0.15.10, copilot 1.0.102 and opencode 1.18.33. Start-up dialogs (trust, login, keys) are left out
 * on purpose: those are for the person alone.
 */
import type { Recogniser } from './dialog.ts';
import { lineDialog, promptedLine } from './dialog-line.ts';
import { type ListStyle, listDialog } from './dialog-list.ts';
import { opencodePermission, opencodeQuestion } from './dialog-opencode.ts';

const permission = {
  kind: 'permission',
  numbered: true,
  headed: false,
  below: null,
  free: null,
} as const satisfies Partial<ListStyle>;
const question = {
  kind: 'question',
  question: null,
  headed: false,
  below: null,
  yes: null,
  no: null,
} as const satisfies Partial<ListStyle>;

const geminiBelow = /^(?:⚠|result in a better visual experience)/;
const qwenBelow = /^[⠀-⣿.]* ?Waiting for user confirmation/;
const bottom = /^╰─+╯$/;

const known: Readonly<Record<string, readonly Recogniser[]>> = {
  claude: [
    listDialog({
      ...permission,
      mark: '❯',
      question:
        /^Do you want to (?:proceed|make this edit to .+|create .+|overwrite .+|allow Claude to .+)\?$/,
      end: /^Esc to cancel\b/,
      yes: /^Yes$/,
      no: /^No\b/,
    }),
    listDialog({
      ...question,
      mark: '❯',
      numbered: true,
      end: /^Enter to select · .*Esc to cancel$/,
      free: /^Type something\.?$/,
    }),
  ],
  codex: [
    listDialog({
      ...permission,
      mark: '›',
      question: /^Would you like to (?:run the following command|make the following edits)\?$/,
      headed: true,
      end: /^Press enter to confirm or esc to cancel/i,
      yes: /^Yes, (?:proceed|just this once)\b/,
      no: /^No, and tell Codex\b/,
    }),
    listDialog({
      ...question,
      mark: '›',
      numbered: true,
      end: /^tab to add notes \| enter to submit (?:answer|all)\b/i,
      free: null,
    }),
  ],
  gemini: [
    listDialog({
      ...permission,
      mark: '●',
      question:
        /^(?:Allow execution of .+\?(?: Redirection detected\. .+)?|Apply this change\?|Do you want to proceed\?)$/,
      end: bottom,
      below: geminiBelow,
      yes: /^Allow once$/,
      no: /^No, suggest changes \(esc\)$/,
    }),
    listDialog({
      ...question,
      mark: '●',
      numbered: true,
      end: /^│ Enter to (?:select|submit) · .*Esc to cancel\s*│$/,
      below: geminiBelow,
      free: /^Enter a custom value$/,
    }),
  ],
  qwen: [
    listDialog({
      ...permission,
      mark: '›',
      question: /^(?:Allow execution of: .+\?|Apply this change\?|Do you want to proceed\?)$/,
      end: bottom,
      below: qwenBelow,
      yes: /^Yes, allow once$/,
      no: /^No, suggest changes \(esc\)$/,
    }),
    listDialog({
      ...question,
      mark: '❯',
      numbered: true,
      end: /^│ ↑\/↓: Navigate \| Enter: Select \| Esc: Cancel\s*│$/,
      below: qwenBelow,
      free: /^Type something\.\.\.$/,
    }),
  ],
  copilot: [
    listDialog({
      ...permission,
      mark: '❯',
      question: /^Do you want to .+\?$/,
      end: /^│ ↑\/↓ to navigate · enter to select · esc to cancel\s*│$/,
      yes: /^Yes$/,
      no: /^No, and tell Copilot\b/,
      escapes: true,
    }),
    listDialog({
      ...question,
      mark: '❯',
      numbered: false,
      end: /^↑\/↓ select · enter accept · .*esc cancel$/,
      // The line for an answer in words.
      below: /^❯(?: |$)/,
      free: /^Other \(type your answer/,
    }),
  ],
  opencode: [opencodePermission, opencodeQuestion],
  demo: [promptedLine(/^›$/)],
};

/** What recognises the dialogs of a preset: its own, and for a preset that has none a question at the screen's end. */
export function recogniser(preset: string): Recogniser {
  const own = Object.hasOwn(known, preset) ? known[preset] : undefined;
  return (screen, asked) => {
    for (const recognise of own ?? [lineDialog]) {
      const dialog = recognise(screen, asked);
      if (dialog !== null) return dialog;
    }
    return null;
  };
}
