import { wholeMatrix } from './matrix.ts';
import { geminiSurface } from './surfaces/gemini.ts';

wholeMatrix(geminiSurface);
