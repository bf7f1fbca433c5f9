import { matrix } from './matrix.ts';
import { bedrockSurface } from './surfaces/bedrock.ts';

matrix(bedrockSurface);
