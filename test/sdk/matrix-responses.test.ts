import { matrix } from './matrix.ts';
import { responsesSurface } from './surfaces/responses.ts';

matrix(responsesSurface);
