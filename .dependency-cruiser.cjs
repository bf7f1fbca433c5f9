/**
 * Who may import whom, as data. A folder of `src/` may import the layers above its own line, never its own line or one below;
 * a folder that stands in no layer may import and be imported by nobody.
 */
const LAYERS = [
	['spec'],
	['lib'],
	['catalog'],
	['config', 'dialects', 'transport'],
	['providers'],
	['router', 'policy', 'ledger'],
	['mcp', 'tools', 'prompts', 'agents', 'knowledge', 'conversations', 'experiments', 'storage', 'telemetry', 'testing'],
	['engine'],
	['server'],
	['cli'],
];

/** Folders that hold one independent part in each subfolder; `shared` among them is open to its siblings. */
const FAMILIES = ['dialects', 'providers', 'policy', 'storage', 'telemetry', 'simulators'];

/** Outside the layers: fake vendors. They share no code with dialects, so that neither hides the other's mistake. */
const SIMULATORS_USE = '^src/(spec/index\\.ts|lib/(clock|ids|json)\\.ts)$';
const USE_SIMULATORS = '^src/(index\\.ts|engine/|server/|cli/|testing/|simulators/)';

const TESTS = '(\\.test\\.ts$|^test/)';
/** What tests may reach whatever their layer: suites to run, vendors to talk to. */
const FOR_TESTS = '^src/(testing|simulators)/';

const any = (names) => `(${names.join('|')})`;

const directions = LAYERS.flatMap((layer, level) =>
	layer.map((folder) => ({
		name: `direction-${folder}`,
		comment: `src/${folder} imports only layers above it: ${LAYERS.slice(0, level).flat().join(', ') || 'none'}.`,
		severity: 'error',
		from: { path: `^src/${folder}/`, pathNot: TESTS },
		to: { path: '^src/', pathNot: [`^src/${any([...LAYERS.slice(0, level).flat(), folder])}/`, '^src/simulators/'] },
	})),
);

const testDirections = LAYERS.flatMap((layer, level) =>
	layer.map((folder) => ({
		name: `direction-${folder}-tests`,
		comment: `Tests of src/${folder} import only layers above it, src/testing and src/simulators.`,
		severity: 'error',
		from: { path: `^src/${folder}/.*${TESTS}` },
		to: { path: '^src/', pathNot: [`^src/${any([...LAYERS.slice(0, level).flat(), folder])}/`, FOR_TESTS] },
	})),
);

module.exports = {
	forbidden: [
		...directions,
		...testDirections,
		{
			name: 'unlisted-folder',
			comment: 'Give a new folder of src/ its place in LAYERS.',
			severity: 'error',
			from: { path: '^src/[^/]+/', pathNot: `^src/${any([...LAYERS.flat(), 'simulators'])}/` },
			to: { path: '.' },
		},
		{
			name: 'simulators-alone',
			comment: 'Simulators share no code with what they are there to test.',
			severity: 'error',
			from: { path: '^src/simulators/', pathNot: TESTS },
			to: { path: '^src/', pathNot: ['^src/simulators/', SIMULATORS_USE] },
		},
		{
			name: 'simulators-at-the-edge',
			comment: 'Only the engine and what stands on it may start simulators.',
			severity: 'error',
			from: { path: '^src/', pathNot: [USE_SIMULATORS, TESTS] },
			to: { path: '^src/simulators/' },
		},
		{
			name: 'library-below-program',
			comment: 'The public library does not pull in the command line.',
			severity: 'error',
			from: { path: '^src/index\\.ts$' },
			to: { path: '^src/cli/' },
		},
		{
			name: 'index-is-for-users',
			comment: 'src/index.ts is the door of the package; inside, import the folder you mean.',
			severity: 'error',
			from: { path: '^src/' },
			to: { path: '^src/index\\.ts$' },
		},
		{
			name: 'door',
			comment: 'Import another folder through its index.ts; lib has no index, each of its files is a door.',
			severity: 'error',
			from: { path: '^(src/([^/]+)/|src/index\\.ts|bin/|bench/|examples/)', pathNot: TESTS },
			to: {
				path: '^src/[^/]+/',
				pathNot: ['^src/$2/', '^src/lib/', '^src/[^/]+/index\\.ts$', `^src/${any(FAMILIES)}/[^/]+/index\\.ts$`],
			},
		},
		{
			name: 'family-door',
			comment: 'Inside a family of parts, a part is imported through its index.ts.',
			severity: 'error',
			from: { path: `^src/${any(FAMILIES)}/[^/]+\\.ts$`, pathNot: TESTS },
			to: { path: '^src/$1/[^/]+/', pathNot: ['^src/$1/[^/]+/index\\.ts$', '^src/$1/(shared|core)/'] },
		},
		{
			name: 'siblings',
			comment: 'Parts of a family know nothing of each other; what they share goes into shared/.',
			severity: 'error',
			from: { path: `^src/${any(FAMILIES)}/([^/]+)/`, pathNot: TESTS },
			to: { path: '^src/$1/[^/]+/', pathNot: ['^src/$1/$2/', '^src/$1/(shared|core)/'] },
		},
		{
			name: 'no-cycle',
			comment: 'No import cycles, not even of types.',
			severity: 'error',
			from: {},
			to: { circular: true },
		},
		{
			name: 'no-development-dependency',
			comment: 'Users do not have devDependencies.',
			severity: 'error',
			from: { path: '^(src|bin)/', pathNot: [TESTS, '^src/testing/'] },
			to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'declared-dependency',
			comment: 'Whatever is imported is named in package.json.',
			severity: 'error',
			from: {},
			to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
		},
		{
			name: 'resolvable',
			comment: 'The imported file exists.',
			severity: 'error',
			from: {},
			to: { couldNotResolve: true, pathNot: '^relais(/|$)' },
		},
	],
	options: {
		doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: `${__dirname}/tsconfig.json` },
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['import', 'node', 'types', 'default'],
			extensions: ['.ts', '.js', '.json'],
		},
		reporterOptions: { text: { highlightFocused: true } },
	},
};
