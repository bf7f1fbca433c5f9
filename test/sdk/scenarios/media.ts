import { expect } from 'vitest';
import { JPEG, PNG } from '../../simulators/support.ts';
import type { Scenario } from '../cell.ts';
import { thrown } from './expect-failure.ts';

const PDF = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64');

/** Images and documents. */
export const MEDIA: readonly Scenario[] = [
	{
		name: 'images in base64',
		run: async ({ ask, seer, surface, vendor }) => {
			const image = { image: PNG, mediaType: 'image/png' as const };
			const photo = { image: JPEG, mediaType: 'image/jpeg' as const };
			const asked = ask({ model: seer, turns: [{ user: ['What are these?', image, photo] }] });
			if (!vendor.can.images) {
				expect(surface.read(await thrown(asked)).message).toMatch(/image/);
				return 'no model sees';
			}
			const answer = await asked;
			expect(answer.text).toContain('you said «What are these?»');
			expect(answer.text).toContain('2 images: image/png 3x2 px 73 bytes; image/jpeg 20x10 px 41 bytes.');
			expect(answer.warnings).toEqual([]);
			return undefined;
		},
	},
	{
		name: 'an image by URL',
		run: async ({ ask, seer, surface, vendor }) => {
			if (surface.can.imageUrls === false) return 'no such form';
			const asked = ask({ model: seer, turns: [{ user: [{ imageUrl: 'https://example.com/cat.png' }, 'What is this?'] }] });
			if (!vendor.can.imageUrls) {
				const error = await thrown(asked);
				expect(error).toBeInstanceOf(surface.errorClass(400));
				expect(surface.read(error).message).toContain('base64');
				return 'refused with the cure';
			}
			const answer = await asked;
			expect(answer.text).toMatch(/1 image: image(\/png)? https:\/\/example\.com\/cat\.png\./);
			const assumed = vendor.can.urlTypes && surface.can.imageUrls === 'plain';
			expect(answer.warnings.map(({ kind }) => kind)).toEqual(assumed ? ['defaulted'] : []);
			return assumed ? 'type assumed, warned' : undefined;
		},
	},
	{
		name: 'an image that is none',
		run: async ({ client, request, seer, surface, vendor, mode }) => {
			if (vendor.can.unreadImages) return 'not looked at';
			const broken = { image: Buffer.from('no image').toString('base64'), mediaType: 'image/png' as const };
			const ask = request({ model: seer, turns: [{ user: ['What is this?', broken] }] });
			const error: unknown = await client.ask(ask, mode).catch((thrown: unknown) => thrown);
			expect(error).toBeInstanceOf(surface.errorClass(400));
			expect(surface.read(error).message).toMatch(/image/i);
			return undefined;
		},
	},
	{
		name: 'images over several turns',
		run: async ({ ask, seer: model }) => {
			const image = { image: PNG, mediaType: 'image/png' as const };
			const first = await ask({ model, turns: [{ user: [image, 'What is this?'] }] });
			const turns = [{ user: [image, 'What is this?'] }, { answer: first }, { user: ['And this?', image] }];
			expect((await ask({ model, turns })).text).toContain('2 images: image/png');
		},
	},
	{
		name: 'a text as document',
		needs: 'textDocuments',
		run: async ({ ask, surface, vendor, native }) => {
			const answer = await ask({ turns: [{ user: [{ text: 'All is well.', name: 'notes.txt' }, 'Sum it up.'] }] });
			if (vendor.can.documents === 'apart') {
				expect(answer.text).toContain('«Sum it up.»');
				return 'beside the conversation';
			}
			if (vendor.can.documents === 'text') {
				expect(answer.text).toContain('All is well.');
				expect(answer.warnings.map((warning) => warning.kind)).toEqual(['changed']);
				return 'as text, warned';
			}
			if (!surface.can.documentNames) {
				expect(answer.text).toMatch(/1 document: text\/plain 12 bytes|All is well\./);
				return 'without a name';
			}
			if (vendor.can.documentNames === 'bent' && !native) {
				expect(answer.text).toContain('1 document: text/plain 12 bytes notes-txt.');
				expect(answer.warnings.map((warning) => warning.kind)).toEqual(['changed']);
				return 'under another name, warned';
			}
			if (!vendor.can.documentNames) {
				expect(answer.text).toMatch(/1 document: text\/plain 12 bytes\.|All is well\./);
				expect(answer.warnings.map((warning) => warning.kind)).toEqual(['dropped']);
				return 'without its name, warned';
			}
			if (native || vendor.dialect === 'anthropic-messages' || surface.dialect.startsWith('openai')) {
				expect(answer.text).toContain('1 document: text/plain 12 bytes notes.txt.');
				expect(answer.warnings).toEqual([]);
				return undefined;
			}
			expect(surface.dialect).toBe('anthropic-messages');
			expect(answer.text).toContain('All is well.');
			expect(answer.warnings.map((warning) => warning.kind)).toEqual(['changed']);
			return 'as text, warned';
		},
	},
	{
		name: 'a PDF',
		needs: 'documents',
		run: async ({ ask, native, surface, vendor }) => {
			const asked = ask({ turns: [{ user: [{ pdf: PDF, name: 'report.pdf' }, 'Sum it up.'] }] });
			if (!vendor.can.pdfs) {
				const error = await thrown(asked);
				expect(error).toBeInstanceOf(surface.errorClass(400));
				expect(surface.read(error).message).toContain('Documents are taken as text alone');
				return 'refused with the cure';
			}
			const answer = await asked;
			if (!surface.can.documentNames) {
				expect(answer.text).toContain('1 document: application/pdf 15 bytes');
				return 'without a name';
			}
			if (vendor.can.documentNames === 'bent' && !native) {
				expect(answer.text).toContain('1 document: application/pdf 15 bytes report-pdf.');
				expect(answer.warnings.map((warning) => warning.kind)).toEqual(['changed']);
				return 'under another name, warned';
			}
			if (!vendor.can.documentNames) {
				expect(answer.text).toContain('1 document: application/pdf 15 bytes.');
				expect(answer.warnings.map((warning) => warning.kind)).toEqual(['dropped']);
				return 'without its name, warned';
			}
			expect(answer.text).toContain('1 document: application/pdf 15 bytes report.pdf.');
			expect(answer.warnings).toEqual([]);
			return undefined;
		},
	},
];
