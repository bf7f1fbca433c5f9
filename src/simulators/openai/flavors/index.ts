import type { Flavor } from '../../core/types.ts';
import type { Traits } from '../traits.ts';
import { AZURE } from './azure.ts';
import { CLOUD } from './cloud.ts';
import { DEEPSEEK } from './deepseek.ts';
import { GROQ } from './groq.ts';
import { LOCAL } from './local.ts';
import { MISTRAL } from './mistral/index.ts';
import { OLLAMA } from './ollama.ts';
import { WATSONX } from './watsonx.ts';
import { XAI } from './xai.ts';

/** The vendors of this protocol. */
export const FLAVORS: { readonly [flavor in Flavor]: Traits } = {
	cloud: CLOUD,
	local: LOCAL,
	ollama: OLLAMA,
	azure: AZURE,
	mistral: MISTRAL,
	deepseek: DEEPSEEK,
	groq: GROQ,
	xai: XAI,
	watsonx: WATSONX,
};
