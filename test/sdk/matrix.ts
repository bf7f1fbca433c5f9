import { afterAll, describe, test } from 'vitest';
import { makeCell } from './cell.ts';
import { MODES, type Surface } from './neutral.ts';
import { BASICS } from './scenarios/basics.ts';
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
import { VENDORS } from './vendors.ts';
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

/** Runs every scenario for these clients before every vendor of `vendors.ts`, and prints the table. */
export function matrix(...surfaces: Surface[]): void {
	const scene = world();
	const table = new Table();
	afterAll(() => console.log(`Official clients through Relais (runs passed):\n${table}`));
	describe.each(surfaces)('the official $name client', (surface) => {
		describe.each(VENDORS)('before $name', (vendor) => {
			for (const scenario of SCENARIOS) {
				test.each(scenario.modes ?? MODES)(`${scenario.name} (%s)`, (mode) =>
					table.run(scenario.name, `${surface.name} -> ${vendor.name}`, async () => {
						const lacking = scenario.needs !== undefined && surface.lacks?.includes(scenario.needs) === true;
						return lacking ? 'no such form' : scenario.run(makeCell(surface, vendor, mode, scene));
					}),
				);
			}
		});
	});
}
