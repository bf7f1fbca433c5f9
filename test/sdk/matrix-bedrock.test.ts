import { wholeMatrix } from './matrix.ts';
import { bedrockSurface } from './surfaces/bedrock.ts';

wholeMatrix(bedrockSurface);
