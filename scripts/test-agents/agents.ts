/** The agents that are played through: how each is got, and how its HOME is prepared for the stand-in. */

/** Where an agent is to run: absolute paths, and the address of the stand-in. */
export interface Grounds {
  readonly home: string;
  readonly config: string;
  /** The project's main worktree. */
  readonly root: string;
  readonly url: string;
}

/** Absolute paths and texts. */
export type Files = (grounds: Grounds) => Readonly<Record<string, string>>;

export interface Player {
  /** The preset's name, and that of its program. */
  readonly name: string;
  /** In the npm registry. */
  readonly package: string;
  readonly variables: (grounds: Grounds) => Readonly<Record<string, string>>;
  /** What a person who uses it has in their HOME: it is set up and the project is trusted. Absolute paths and texts. */
  readonly files: Files;
  /** The same for somebody who is new to it; without it their HOME is empty. */
  readonly newcomer?: Files;
  /** Whether pitwall's hooks have to be placed first. */
  readonly installs?: boolean;
  /** Keys that interrupt a turn. */
  readonly interrupt: readonly string[];
  /** Parts of the course that it cannot take, with the reason. */
  readonly without?: Readonly<Record<string, string>>;
}

/** What Claude Code keeps once its own questions of a first start are over: before, it wants to reach its maker. */
const claudeKnown = {
  hasCompletedOnboarding: true,
  theme: 'dark',
  customApiKeyResponses: { approved: ['for-the-stand-in-000'], rejected: [] },
};

/** Made up; no model is asked with it. */
const key = 'sk-made-up-key-for-the-stand-in-000';

export const players: readonly Player[] = [
  {
    name: 'claude',
    package: '@anthropic-ai/claude-code',
    variables: ({ url }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: key,
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }),
    files: ({ home, root }) => ({
      [`${home}/.claude.json`]: JSON.stringify({
        ...claudeKnown,
        projects: { [root]: { hasTrustDialogAccepted: true } },
      }),
    }),
    newcomer: ({ home }) => ({ [`${home}/.claude.json`]: JSON.stringify(claudeKnown) }),
    interrupt: ['Escape'],
  },
  {
    name: 'codex',
    package: '@openai/codex',
    variables: () => ({ OPENAI_API_KEY: key }),
    files: ({ home, root, url }) => ({
      [`${home}/.codex/config.toml`]: [
        'model = "gpt-5.1-codex"',
        'model_provider = "stand-in"',
        'approval_policy = "on-request"',
        'sandbox_mode = "read-only"',
        '[model_providers.stand-in]',
        'name = "stand-in"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "OPENAI_API_KEY"',
        // Else it asks the person only while it plans.
        '[features]',
        'default_mode_request_user_input = true',
        `[projects."${root}"]`,
        'trust_level = "trusted"',
        '',
      ].join('\n'),
    }),
    interrupt: ['Escape'],
  },
  {
    name: 'gemini',
    package: '@google/gemini-cli',
    variables: ({ url }) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }),
    files: ({ home, root }) => ({
      [`${home}/.gemini/settings.json`]: JSON.stringify({
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
        privacy: { usageStatisticsEnabled: false },
        security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: true } },
        model: { name: 'gemini-2.5-pro' },
      }),
      [`${home}/.gemini/trustedFolders.json`]: JSON.stringify({ [root]: 'TRUST_FOLDER' }),
    }),
    installs: true,
    interrupt: ['Escape'],
  },
  {
    name: 'opencode',
    package: 'opencode-ai',
    variables: () => ({
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    }),
    files: ({ config, url }) => ({
      [`${config}/opencode/opencode.json`]: JSON.stringify({
        autoupdate: false,
        share: 'disabled',
        model: 'stand-in/stand-in',
        small_model: 'stand-in/stand-in',
        permission: { bash: 'ask', edit: 'ask' },
        provider: {
          'stand-in': {
            npm: '@ai-sdk/openai-compatible',
            name: 'stand-in',
            options: { baseURL: `${url}/v1`, apiKey: key },
            models: {
              'stand-in': { name: 'stand-in', tool_call: true, limit: { context: 100_000, output: 8000 } },
            },
          },
        },
      }),
    }),
    interrupt: ['Escape', 'Escape'],
    without: { 'a dialog at its first start': 'it asks nothing when it starts' },
  },
  {
    name: 'qwen',
    package: '@qwen-code/qwen-code',
    variables: ({ url }) => ({
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_MODEL: 'stand-in',
    }),
    files: ({ home }) => ({
      [`${home}/.qwen/settings.json`]: JSON.stringify({
        general: { enableAutoUpdate: false, disableAutoUpdate: true },
        privacy: { usageStatisticsEnabled: false },
        security: { auth: { selectedType: 'openai' } },
      }),
    }),
    interrupt: ['Escape'],
    without: { 'a dialog at its first start': 'with a key in its environment it asks nothing' },
  },
  {
    name: 'copilot',
    package: '@github/copilot',
    variables: ({ url }) => ({
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_API_KEY: key,
      COPILOT_MODEL: 'stand-in',
      COPILOT_OFFLINE: 'true',
      COPILOT_AUTO_UPDATE: 'false',
    }),
    files: ({ home, root }) => ({
      [`${home}/.copilot/config.json`]: JSON.stringify({ trustedFolders: [root], trusted_folders: [root] }),
    }),
    interrupt: ['Escape', 'Escape'],
  },
];
