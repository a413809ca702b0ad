// What we use of foliate-js, which comes without types.
declare module "foliate-js/view.js" {
  export interface TocItem {
    label?: string;
    href?: string;
    subitems?: TocItem[] | null;
  }

  export interface Section {
    id: string;
    linear?: string;
    createDocument?: () => Promise<Document>;
  }

  export interface Book {
    sections: Section[];
    toc?: TocItem[] | null;
    dir?: string;
    metadata?: { language?: string | string[] };
    transformTarget?: EventTarget;
  }

  export interface Renderer extends HTMLElement {
    setStyles?(styles: [string, string]): void;
    getContents(): { index: number; doc: Document }[];
    nextSection(): Promise<void>;
    atEnd?: boolean;
    scrollToAnchor(anchor: Range, select?: boolean): Promise<void>;
  }

  export interface Location {
    fraction?: number;
    cfi: string;
    tocItem?: TocItem | null;
    pageItem?: TocItem | null;
  }

  export interface Annotation {
    value: string;
    colour?: string;
  }

  export class View extends HTMLElement {
    book: Book;
    renderer: Renderer;
    isFixedLayout: boolean;
    lastLocation: Location | null;
    open(book: Book): Promise<void>;
    init(options: { lastLocation?: string; showTextStart?: boolean }): Promise<void>;
    goTo(target: string | number): Promise<unknown>;
    goToFraction(fraction: number): Promise<void>;
    prev(): Promise<void>;
    next(): Promise<void>;
    getCFI(index: number, range?: Range): string;
    addAnnotation(annotation: Annotation, remove?: boolean): Promise<unknown>;
    deleteAnnotation(annotation: Annotation): Promise<unknown>;
  }
}

declare module "foliate-js/epub.js" {
  import type { Book } from "foliate-js/view.js";

  export interface Loader {
    loadText: (name: string) => Promise<string> | null;
    loadBlob: (name: string, type?: string) => Promise<Blob> | null;
    getSize: (name: string) => number;
  }

  export class EPUB {
    constructor(loader: Loader);
    init(): Promise<Book>;
  }
}

declare module "foliate-js/overlayer.js" {
  export const Overlayer: { highlight: unknown; outline: unknown };
}

declare module "foliate-js/vendor/zip.js" {
  export interface Entry {
    filename: string;
    uncompressedSize: number;
    getData<T>(writer: { readonly result?: T }): Promise<T>;
  }

  export function configure(options: { useWebWorkers: boolean }): void;
  export const BlobReader: new (blob: unknown) => object;
  export class BlobWriter {
    readonly result?: Blob;
    constructor(type?: string);
  }
  export class TextWriter {
    readonly result?: string;
  }
  export class ZipReader {
    constructor(reader: BlobReader);
    getEntries(): Promise<Entry[]>;
  }
}
