import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

/**
 * The outermost suite that was skipped as a whole, else the test itself: what to name, once, in the list.
 * @returns its full name
 */
function skippedAs(test: TestCase): string {
	let name = test.fullName;
	let parent: TestSuite | TestModule = test.parent;
	while (parent.type === 'suite') {
		if (parent.options.mode === 'skip') name = parent.fullName;
		parent = parent.parent;
	}
	return name;
}

/** One line for each skipped suite or lone test, with the number of tests it stands for and the reason given while it ran. */
function skippedLines(tests: TestCase[]): string[] {
	const lines = new Map<string, number>();
	for (const test of tests) {
		const result = test.result();
		if (result.state !== 'skipped') continue;
		const line = `${test.module.relativeModuleId}: ${skippedAs(test)}${result.note ? ` (${result.note})` : ''}`;
		lines.set(line, (lines.get(line) ?? 0) + 1);
	}
	return [...lines].map(([line, count]) => `  ${line}${count > 1 ? ` [${count} tests]` : ''}`);
}

/**
 * Ends the run with what was skipped and why (the reason stands in the suite's name or in the skip's note), and with a plain
 * line `N passed, N failed` for scripts to read. A file that could not be loaded and an error outside any test count as failed.
 */
export default class SummaryReporter implements Reporter {
	#filtered = false;

	onInit(vitest: Vitest): void {
		this.#filtered = vitest.config.testNamePattern !== undefined;
	}

	onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
		const tests = modules.flatMap((module) => [...module.children.allTests()]);
		const count = (state: string) => tests.filter((test) => test.result().state === state).length;
		const broken = modules.filter((module) => !module.ok() && ![...module.children.allTests('failed')].length).length;
		const skipped = this.#filtered ? [] : skippedLines(tests);
		const list = skipped.length > 0 ? ['Skipped:', ...skipped] : [];
		process.stdout.write(
			`${[...list, `${count('passed')} passed, ${count('failed') + broken + errors.length} failed`].join('\n')}\n`,
		);
	}
}
