import { matrix } from '../matrix.ts';
import { aiCompatible } from './ai-packages.ts';

matrix(aiCompatible);
