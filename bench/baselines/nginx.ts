import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../harness/children.ts';

const NAMES = ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'];

/** The nginx of this machine; undefined when there is none. */
export function findNginx(): string | undefined {
	return NAMES.find((name) => spawnSync(name, ['-v']).status === 0);
}

/**
 * A plain reverse proxy: one worker, kept connections on both sides, nothing logged, bodies of a megabyte kept in memory. A
 * single process, so that killing it leaves no workers behind.
 */
function configOf(folder: string, port: number, upstreamPort: number): string {
	return `
daemon off;
master_process off;
pid ${join(folder, 'nginx.pid')};
error_log stderr error;
events { worker_connections 2048; }
http {
	access_log off;
	keepalive_requests 100000000;
	client_max_body_size 64m;
	client_body_buffer_size 2m;
	${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`).join('\n\t')}
	upstream vendor {
		server 127.0.0.1:${upstreamPort};
		keepalive 256;
		keepalive_requests 100000000;
	}
	server {
		listen 127.0.0.1:${port} reuseport;
		location / {
			proxy_pass http://vendor;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
		}
	}
}
`;
}

/** Starts nginx on the measured core. @param folder an empty folder for its files */
export function startNginx(program: string, folder: string, port: number, upstreamPort: number): Child {
	mkdirSync(folder, { recursive: true });
	const file = join(folder, 'nginx.conf');
	writeFileSync(file, configOf(folder, port, upstreamPort));
	return Child.start(program, ['-p', folder, '-c', file, '-e', 'stderr'], 'subject');
}
