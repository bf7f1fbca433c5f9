import { LOCAL_SERVERS, loadCatalog, reach, SPOKEN_DIALECTS } from '../catalog/index.ts';

/** What to do when there is no provider at all: variables to set, servers to start. Lines without their ends. */
export function noProviderAdvice(): string[] {
	const catalog = loadCatalog();
	const hosted = catalog
		.providers()
		.filter((row) => row.status === undefined && row.kind === 'public-cloud' && reach(row, SPOKEN_DIALECTS) !== undefined);
	const variables = hosted.flatMap((row) => row.env.slice(0, 1)).slice(0, 5);
	const servers = LOCAL_SERVERS.map((server) => catalog.provider(server.type)?.name ?? server.type);
	return [
		'No provider is configured, and none was found.',
		`  Set a key in the environment or in .env: ${variables.join(', ')} ... (relais catalog providers lists all),`,
		'  or list providers in relais.yaml,',
		`  or start a local server: ${servers.join(', ')}.`,
	];
}
