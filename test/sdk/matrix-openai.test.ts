import { wholeMatrix } from './matrix.ts';
import { openaiSurface } from './surfaces/openai.ts';

// A new surface is a file like this one, a new vendor a row in `vendors/`.
wholeMatrix(openaiSurface);
