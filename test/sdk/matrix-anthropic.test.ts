import { wholeMatrix } from './matrix.ts';
import { anthropicSurface } from './surfaces/anthropic.ts';

wholeMatrix(anthropicSurface);
