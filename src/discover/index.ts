export { apiTraffic, traceOfHar } from './har/har-trace.ts';
export { explore, type Explorer } from './crawl/explore.ts';
export { isHar, readHar } from './har/read-har.ts';
export { isCollection, readCollection } from './postman/collection.ts';
export { readEnvironment } from './postman/variables.ts';
export { traceSchema, type Trace } from './trace/trace.ts';
export { discover, surfaceFromText, targetUrl, type DiscoverInput, type SurfaceOptions } from './discover.ts';
