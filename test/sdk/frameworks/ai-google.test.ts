import { matrix } from '../matrix.ts';
import { aiGoogle } from './ai-packages.ts';

matrix(aiGoogle);
