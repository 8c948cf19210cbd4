/** Most sentences kept; a description with more kinds of faults than that is summed up. */
const mostSentences = 20;
const mostPlaces = 3;

/** Collects what was repaired or left out. The same sentence at many places is told once, with the first places. */
export interface Notes {
  readonly add: (sentence: string, place?: string) => void;
  /** At most 20 sentences, in the order in which each was first said. */
  readonly sentences: () => readonly string[];
}

export function createNotes(): Notes {
  const places = new Map<string, Set<string>>();
  return {
    add(sentence, place) {
      const known = places.get(sentence) ?? new Set();
      if (place !== undefined) known.add(place);
      places.set(sentence, known);
    },
    sentences() {
      const all = [...places].map(([sentence, where]) => withPlaces(sentence, [...where]));
      if (all.length <= mostSentences) return all;
      const rest = all.length - (mostSentences - 1);
      return [...all.slice(0, mostSentences - 1), `${rest} more kinds of repairs were made to the description.`];
    },
  };
}

function withPlaces(sentence: string, places: readonly string[]): string {
  if (places.length === 0) return sentence;
  const shown = places.slice(0, mostPlaces).map((place) => (place.length > 120 ? `${place.slice(0, 119)}…` : place));
  const rest = places.length - shown.length;
  return `${sentence.replace(/\.$/, '')}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}
