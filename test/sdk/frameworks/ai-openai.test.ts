import { matrix } from '../matrix.ts';
import { aiOpenAIResponses } from './ai-packages.ts';

matrix(aiOpenAIResponses);
