import { foldLetters } from '../kernel/fold.ts';

/** An address taken apart for comparison. */
export interface ParsedAddress {
  /** Words of towns, regions, districts. */
  places: Set<string>;
  /** Words of the street, sorted; of the village where there is no street. */
  street: string;
  /** House first, then building, office: `['12', '3', '45']`; letters stay with their number (`12а`). */
  numbers: string[];
}

const list = (text: string): Set<string> => new Set(text.split(' '));
/** Stand behind their name only: «Московская обл». */
const REGION_MARKS = list('обл область край р-н район рн округ ао');
const PLACE_MARKS = list('г гор город респ республика пос поселок пгт п с село деревня ст-ца станица снт тер территория');
const STREET_MARKS = list('ул улица пр-т пр-кт пр просп проспект пер переулок пл площадь ш шоссе б-р бул бульвар наб набережная пр-д проезд туп тупик мкр микрорайон мкрн м-н кв-л квартал линия тракт');
const HOUSE_MARKS = list('д дом к корп корпус с стр строение п вл владение лит литер литера оф офис кв квартира пом помещение эт этаж ком комн комната каб кабинет зд здание бокс павильон пав');
const IGNORED = list('россия рф российская федерация');

/** Commas, ordinals (`3-я`), numbers with their letter, words and abbreviations with a hyphen. */
const PIECE = /[,;\n]|\d+-?(?:ая|ый|ой|ий|го|я|й|е)(?![а-яa-z])|\d+(?:[абвгдежз](?![а-яa-z0-9]))?|\p{L}+(?:-\p{L}+)*/gu;
const ORDINAL = /^\d+-?(?:ая|ый|ой|ий|го|я|й|е)$/;
const MAX_NUMBERS = 6;

type Kind = 'place' | 'street' | 'plain';
interface Group {
  kind: Kind;
  words: string[];
  beforeNumbers: boolean;
}

const isMark = (piece: string): boolean => REGION_MARKS.has(piece) || PLACE_MARKS.has(piece) || STREET_MARKS.has(piece) || HOUSE_MARKS.has(piece);
const isName = (piece: string | undefined): boolean => piece !== undefined && /^\p{L}/u.test(piece) && !isMark(piece);

class Reader {
  readonly groups: Group[] = [];
  readonly numbers: string[] = [];
  private current: Group | null = null;
  /** A mark of the house was read, or a number: letters now belong to numbers. */
  private inHouse = false;

  /** The group that a name goes into. */
  private open(kind: Kind): Group {
    this.current = { kind, words: [], beforeNumbers: this.numbers.length === 0 };
    this.groups.push(this.current);
    return this.current;
  }

  /** A mark before a name opens its group; behind a name it says what the name was. */
  private mark(kind: Kind, next: string | undefined, suffixOnly: boolean): void {
    const named = this.current?.words.length ?? 0;
    if (named > 0 && this.current?.kind === 'plain' && (suffixOnly || !isName(next))) {
      this.current.kind = kind;
      this.current = null;
    } else if (!suffixOnly) this.open(kind);
  }

  read(piece: string, next: string | undefined): void {
    if (/^[,;\n]$/.test(piece)) {
      this.current = null;
      this.inHouse = false;
    } else if (ORDINAL.test(piece)) (this.current ?? this.open('plain')).words.push(piece.replace('-', ''));
    else if (/^\d/.test(piece)) this.readNumber(piece, next);
    else if (IGNORED.has(piece)) this.current = null;
    else if (REGION_MARKS.has(piece)) this.mark('place', next, true);
    else if (STREET_MARKS.has(piece)) this.mark('street', next, false);
    else if (HOUSE_MARKS.has(piece) && !(this.numbers.length === 0 && (PLACE_MARKS.has(piece) || piece === 'д') && isName(next))) {
      this.current = null;
      this.inHouse = true;
    } else if (PLACE_MARKS.has(piece) || piece === 'д') this.mark('place', next, false);
    else if (piece.length === 1 && this.inHouse) this.numbers.push((this.numbers.pop() ?? '') + piece);
    else (this.current ?? this.open('plain')).words.push(piece);
  }

  private readNumber(piece: string, next: string | undefined): void {
    // «ул. 8 Марта», «ул. 50 лет Октября».
    if (this.current?.kind === 'street' && this.current.words.length === 0 && isName(next)) this.current.words.push(piece);
    else if (!/^\d{6}$/.test(piece) && this.numbers.length < MAX_NUMBERS) {
      this.current = null;
      this.numbers.push(piece);
      this.inHouse = true;
    }
  }
}

/**
 * Takes a Russian address apart. Marks (г., ул., д., корп., оф.), the index and the country go; what is not the street belongs to
 * the place. Never fails: an odd text gives odd but repeatable parts.
 */
export function parseAddress(address: string): ParsedAddress {
  const pieces = foldLetters(address).match(PIECE) ?? [];
  const reader = new Reader();
  pieces.forEach((piece, i) => reader.read(piece, pieces[i + 1]));
  const groups = reader.groups.filter((group) => group.words.length > 0);
  const street = groups.findLast((group) => group.kind === 'street') ?? groups.findLast((group) => group.kind === 'plain' && group.beforeNumbers) ?? groups.findLast((group) => group.kind === 'place');
  const places = groups.filter((group) => group !== street && group.kind !== 'street' && group.beforeNumbers);
  return { places: new Set(places.flatMap((group) => group.words)), street: [...(street?.words ?? [])].sort().join(' '), numbers: reader.numbers };
}

/** How much two addresses say that it is one place: the same to the office, the same house, or nothing. */
export function compareAddresses(a: ParsedAddress, b: ParsedAddress): 'exact' | 'similar' | null {
  if (a.street === '' || a.street !== b.street || a.numbers.length === 0 || a.numbers[0] !== b.numbers[0]) return null;
  const placed = a.places.size > 0 && b.places.size > 0;
  if (placed && ![...a.places].some((place) => b.places.has(place))) return null;
  return (placed || a.places.size === b.places.size) && a.numbers.join(' ') === b.numbers.join(' ') ? 'exact' : 'similar';
}

/** Key under which companies at the same street and house number are stored; the town is compared afterwards. */
export function addressKey(address: string): string | null {
  const { street, numbers } = parseAddress(address);
  return street === '' || numbers[0] === undefined ? null : `addr:${street} ${numbers[0]}`;
}
