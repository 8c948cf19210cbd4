import { headerOf, type Exchange } from '../../model/http.ts';

const assetTypes = /^(?:image|font|video|audio)\/|^text\/(?:css|javascript|html)|javascript|wasm|manifest\+json|font|application\/pdf/i;
const assetNames = /\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf|eot|mp4|webm|mp3|wasm|html?|webmanifest)$/i;

/** Why an exchange says nothing about the API, as the beginning of a sentence; `undefined` when it does. */
export function whyIrrelevant({ request, response }: Exchange): string | undefined {
  const { method, path } = request;
  if (method === 'OPTIONS' || method === 'CONNECT') return 'CORS preflights were left out';
  const isRead = method === 'GET' || method === 'HEAD';
  const type = headerOf(response.headers, 'content-type') ?? '';
  const isRefusal = response.status === 401 || response.status === 403;
  const isAsset = assetTypes.test(type) || assetNames.test(path.split('?', 1)[0] ?? '');
  if (isRead && isAsset && !isRefusal) return 'Pages, scripts, images and other static files were left out';
  if (headerOf(request.headers, 'upgrade')?.toLowerCase() === 'websocket' || type.startsWith('text/event-stream'))
    return 'WebSockets and event streams were left out';
  if (response.status === 0) return 'Requests without an answer were left out';
  if ([404, 405, 501].includes(response.status)) return 'Requests to what does not exist were left out';
  return undefined;
}
