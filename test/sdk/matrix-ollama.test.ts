import { matrix } from './matrix.ts';
import { ollamaSurface } from './surfaces/ollama.ts';

matrix(ollamaSurface);
