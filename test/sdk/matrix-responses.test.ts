import { wholeMatrix } from './matrix.ts';
import { responsesSurface } from './surfaces/responses.ts';

wholeMatrix(responsesSurface);
