import { matrix } from './matrix.ts';
import { anthropicSurface } from './surfaces/anthropic.ts';
import { openaiSurface } from './surfaces/openai.ts';

// A new surface is a file like this one, a new vendor a row in `vendors.ts`.
matrix(openaiSurface, anthropicSurface);
