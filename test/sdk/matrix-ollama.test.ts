import { wholeMatrix } from './matrix.ts';
import { ollamaSurface } from './surfaces/ollama.ts';

wholeMatrix(ollamaSurface);
