import { Command } from 'commander';
import { packageVersion } from '../lib/package-root.ts';
import { registerConfig } from './config-check.ts';
import { registerServe } from './serve/index.ts';
import { registerSimulate } from './simulate.ts';

const program = new Command('relais')
	.description('One service in front of every LLM provider.')
	.version(packageVersion())
	.showHelpAfterError('(relais --help shows the commands)');

registerServe(program);
registerSimulate(program);
registerConfig(program);

await program.parseAsync(process.argv);
