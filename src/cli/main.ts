import { Command } from 'commander';
import { packageVersion } from '../lib/package-root.ts';
import { registerBench } from './bench/index.ts';
import { registerCapabilities } from './capabilities/index.ts';
import { registerCatalog } from './catalog/index.ts';
import { registerChat } from './chat/index.ts';
import { registerConfig } from './config-check.ts';
import { registerDoctor } from './doctor/index.ts';
import { registerServe } from './serve/index.ts';
import { registerSimulate } from './simulate.ts';

/** Options of the program itself; any other one, and none at all, belong to `serve`. */
const OWN_OPTIONS = ['-h', '--help', '-V', '--version'];

/** Codes of writing to a pipe whose reader left (`relais --help | head -1`), and to a terminal that was closed. */
const READER_GONE = ['EPIPE', 'EIO'];

process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (READER_GONE.includes(error.code ?? '')) return;
	process.stderr.write(`relais: the output cannot be written: ${error.message}\n`);
	process.exitCode = 1;
});

const program = new Command('relais')
	.description('One service in front of every LLM provider.')
	.version(packageVersion())
	.showHelpAfterError('(relais --help shows the commands)');

registerServe(program);
registerSimulate(program);
registerConfig(program);
registerDoctor(program);
registerChat(program);
registerBench(program);
registerCatalog(program);
registerCapabilities(program);

const args = process.argv.slice(2);
const [first = '--serve'] = args;
if (first.startsWith('-') && !OWN_OPTIONS.includes(first)) args.unshift('serve');
await program.parseAsync(args, { from: 'user' });
