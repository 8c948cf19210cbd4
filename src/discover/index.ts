export { discover, surfaceFromText, type DiscoverInput, type SurfaceOptions } from './discover.ts';
