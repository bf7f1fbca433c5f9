/** The HTTP server: surfaces, model lists, health. */
export { createServer, type RelaisServer, type ServerOptions } from './app.ts';
