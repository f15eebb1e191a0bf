/** Something to tell the person at this machine when no page is in front of him; `key` is a sentence of the shell's messages below `notices.`. */
export interface Notice {
  key: 'session_ended' | 'due_soon' | 'due_list';
  params: Record<string, string | number>;
  /** Page that it opens. */
  path: string;
}

/** From whoever has something to tell to whoever can show it; where nobody can, it is not said. */
export interface Notices {
  readonly heard: boolean;
  tell(notice: Notice): void;
  listen(listener: (notice: Notice) => void): void;
}

export function createNotices(): Notices {
  const listeners: ((notice: Notice) => void)[] = [];
  return {
    get heard() {
      return listeners.length > 0;
    },
    tell: (notice) => {
      for (const listener of listeners) listener(notice);
    },
    listen: (listener) => void listeners.push(listener),
  };
}
