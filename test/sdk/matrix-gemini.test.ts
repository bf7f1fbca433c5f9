import { matrix } from './matrix.ts';
import { geminiSurface } from './surfaces/gemini.ts';

matrix(geminiSurface);
