import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Who may import whom. A pattern names what a folder may NOT reach; everything else is allowed.
const libraries = {
  discord: ['discord.js', '@discordjs/*'],
  express: ['express', 'helmet'],
  mongoose: ['mongoose', 'mongodb'],
};

/** One folder's rule: relative folders and libraries it may not import. */
function folder(files, forbidden) {
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: forbidden.map((group) => ({
            group: [group].flat(),
            message: 'See the import rules in eslint.config.js.',
          })),
        },
      ],
    },
  };
}

const rooms = ['commands', 'events', 'config', 'storage', 'services', 'http', 'discord', 'jobs', 'cli', 'log'];
const roomsBut = (...allowed) => rooms.filter((room) => !allowed.includes(room)).map((room) => [`**/${room}/**`]);
const anyLibrary = Object.values(libraries);
const app = [['**/app.ts', '**/main.ts']];

export default defineConfig(
  { ignores: ['node_modules', 'data', 'coverage'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js', 'index.js'] } } } },
  {
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config/load.ts reads the environment.' },
      ],
      eqeqeq: 'error',
    },
  },
  folder(['src/domain/**'], [...roomsBut('domain'), ...anyLibrary, ...app]),
  folder(['src/integration/**'], [...roomsBut(), ...anyLibrary, ...app]),
  folder(['src/storage/**'], [...roomsBut('storage'), libraries.discord, libraries.express, ...app]),
  folder(['src/services/**'], [...roomsBut('services', 'storage'), '**/storage/sqlite/**', ...anyLibrary, ...app]),
  folder(['src/http/**'], [...roomsBut('http', 'services', 'log'), libraries.discord, libraries.mongoose, ...app]),
  folder(
    ['src/discord/**'],
    [
      ...roomsBut('discord', 'services', 'commands', 'events', 'log', 'storage'),
      '**/storage/sqlite/**',
      libraries.express,
      libraries.mongoose,
      ...app,
    ],
  ),
  folder(
    ['commands/**', 'events/**'],
    [...roomsBut('discord', 'services', 'commands', 'events', 'log'), libraries.express, libraries.mongoose, ...app],
  ),
  folder(['src/jobs/**'], [...roomsBut('jobs', 'services', 'log'), ...anyLibrary, ...app]),
  folder(['src/cli/**'], [...roomsBut('cli', 'services', 'config'), ...anyLibrary]),
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ['config/load.ts', 'test/**', 'bench/**', 'index.js', 'playground/**/start.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
);
