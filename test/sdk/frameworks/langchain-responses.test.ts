import { matrix } from '../matrix.ts';
import { langChainResponses } from './langchain.ts';

matrix(langChainResponses);
