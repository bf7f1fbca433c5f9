import { describe } from 'vitest';
import { wireOf } from '../../../test/support/providers.ts';
import { itFinds } from '../../../test/support/sound-provider.ts';
import type { WireEndpoint } from '../../spec/index.ts';
import { WIRE } from './wire.ts';

const SOUND = wireOf({ baseUrl: 'http://127.0.0.1:9/v1' });

/** The wire with some of its methods replaced. */
const bent = (more: Partial<WireEndpoint>): WireEndpoint => ({
	dialect: SOUND.dialect,
	timeouts: SOUND.timeouts,
	traits: (model) => SOUND.traits(model),
	supports: (operation) => SOUND.supports(operation),
	call: (operation, model, headers, stream) => SOUND.call(operation, model, headers, stream),
	bodyChanges: (body, model, warn) => SOUND.bodyChanges(body, model, warn),
	...more,
});

function calling(more: object): WireEndpoint {
	const call = { origin: 'http://h', method: 'POST' as const, path: '/chat', headers: ['a', 'b'] };
	return bent({ call: () => ({ ...call, ...more }) });
}

describe('how a vendor is reached', () => {
	itFinds(WIRE, {
		'describes its wire': [
			{ wrong: 'no chat', provider: { wire: bent({ supports: () => false }) }, says: /no endpoint for chats/ },
			{ wrong: 'no time limits', provider: { wire: bent({ timeouts: {} as never }) }, says: /timeouts\.connect must be/ },
			{ wrong: 'no traits', provider: { wire: bent({ traits: () => undefined as never }) }, says: /traits gives no object/ },
			{ wrong: 'an origin with a path', provider: { wire: calling({ origin: 'http://h/v1' }) }, says: /the origin of a call is/ },
			{ wrong: 'a chat by GET', provider: { wire: calling({ method: 'GET' }) }, says: /sent by "GET"/ },
			{ wrong: 'a path without a slash', provider: { wire: calling({ path: 'chat' }) }, says: /the path of a call is "chat"/ },
			{ wrong: 'half a header', provider: { wire: calling({ headers: ['a'] }) }, says: /not pairs/ },
			{
				wrong: 'a header without a value',
				provider: { wire: calling({ headers: ['a', undefined as never] }) },
				says: /not all texts/,
			},
			{ wrong: 'a header twice', provider: { wire: calling({ headers: ['a', '1', 'A', '2'] }) }, says: /sent twice: a, a/ },
			{
				wrong: 'a lost body',
				provider: { wire: bent({ sign: ({ body: _, ...call }) => call }) },
				says: /wire\.sign loses the body/,
			},
			{
				wrong: 'a call changed by its signature',
				provider: {
					wire: bent({
						sign: (call) => {
							call.path = '/signed';
							return { ...call };
						},
					}),
				},
				says: /wire\.sign changes the call/,
			},
			{
				wrong: 'half a signature',
				provider: { wire: bent({ sign: (call) => ({ ...call, headers: ['a'] }) }) },
				says: /not pairs/,
			},
			{
				wrong: 'a changed body',
				provider: {
					wire: bent({
						bodyChanges: (body) => {
							delete body.stream;
							return null;
						},
					}),
				},
				says: /changes the body it is shown/,
			},
		],
	});
});
