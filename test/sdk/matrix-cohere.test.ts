import { matrix } from './matrix.ts';
import { cohereSurface } from './surfaces/cohere.ts';

matrix(cohereSurface);
