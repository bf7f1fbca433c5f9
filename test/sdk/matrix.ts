import { afterAll, describe, test } from 'vitest';
import { makeCell, type Scenario } from './cell.ts';
import { MODES, type Surface } from './neutral.ts';
import { BASICS } from './scenarios/basics.ts';
import { BRIEF } from './scenarios/brief.ts';
import { ERRORS } from './scenarios/errors.ts';
import { EXTRAS } from './scenarios/extras.ts';
import { FAILURES } from './scenarios/failures.ts';
import { JOURNEYS } from './scenarios/journeys.ts';
import { LEAVING } from './scenarios/leaving.ts';
import { MEDIA } from './scenarios/media.ts';
import { SCHEMAS } from './scenarios/schema.ts';
import { THINKING } from './scenarios/thinking.ts';
import { TOOLS } from './scenarios/tools.ts';
import { USAGE } from './scenarios/usage.ts';
import { Table } from './table.ts';
import { CHIEF, VENDORS, type Vendor } from './vendors.ts';
import { world } from './world.ts';

const SCENARIOS = [
	...BASICS,
	...TOOLS,
	...MEDIA,
	...SCHEMAS,
	...THINKING,
	...USAGE,
	...EXTRAS,
	...JOURNEYS,
	...FAILURES,
	...ERRORS,
	...LEAVING,
];

/** Runs every scenario for these clients before the chief vendors, and prints the table. */
export function matrix(...surfaces: Surface[]): void {
	run(surfaces, CHIEF);
}

/** Runs a client before every vendor of `vendors.ts`, and prints the table. */
export function wholeMatrix(surface: Surface): void {
	run([surface], VENDORS);
}

function scenariosOf({ brief }: Vendor): readonly Scenario[] {
	return brief === undefined ? SCENARIOS : SCENARIOS.filter(({ name }) => BRIEF.has(name));
}

/** Why some columns are short. */
function reasons(vendors: readonly Vendor[]): string[] {
	return vendors.flatMap(({ name, brief }) => (brief === undefined ? [] : [`  ${name} in brief: ${brief}`]));
}

function columnOf(surface: Surface, { name }: Vendor, several: boolean): string {
	const short = name.replace(/^sim-/, '');
	return several ? `${surface.name} ${short}` : short;
}

function run(surfaces: Surface[], vendors: readonly Vendor[]): void {
	const scene = world(vendors);
	const table = new Table();
	afterAll(() => {
		const title = `${surfaces.map(({ name }) => name).join(', ')} through Relais (runs passed):`;
		console.log([title, table, ...reasons(vendors)].join('\n'));
	});
	describe.each(surfaces)('the official $name client', (surface) => {
		describe.each(vendors)('before $name', (vendor) => {
			for (const scenario of scenariosOf(vendor)) {
				test.each(scenario.modes ?? surface.modes ?? MODES)(`${scenario.name} (%s)`, (mode) =>
					table.run(scenario.name, columnOf(surface, vendor, surfaces.length > 1), async () => {
						const lacking = scenario.needs !== undefined && surface.lacks?.includes(scenario.needs) === true;
						return lacking ? 'no such form' : scenario.run(makeCell(surface, vendor, mode, scene));
					}),
				);
			}
		});
	});
}
