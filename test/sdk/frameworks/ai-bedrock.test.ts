import { matrix } from '../matrix.ts';
import { aiBedrock } from './ai-packages.ts';

matrix(aiBedrock);
