/** What travels between the offline page, its worker and the server. The server has the last word. */

/** An open loan; one made offline has no number yet. */
export interface Loan {
  id: number | null;
  patron: number;
  due_at: string;
  lent_at: string;
  renewals: number;
  library: number;
  further?: Record<string, unknown>;
}

/** A reader, in the order of `PatronRow` of the rules. */
export type PatronRow = [
  id: number,
  card: string,
  name: string,
  words: string,
  category: string,
  library: number,
  expiresOn: string,
  cardState: string,
  born: string | number | null,
  stops: { kind: string; until?: string }[],
  further: Record<string, unknown>,
];

/** A copy, in the order of `ItemRow` of the rules. */
export type ItemRow = [
  id: number,
  record: number,
  barcode: string,
  number: string,
  title: string,
  type: string,
  state: string,
  library: number,
  onSite: boolean,
  loan: Loan | null,
  further: Record<string, unknown>,
  claims: unknown,
];

export const LOAN = 9;

export interface Newcomer {
  name: string;
  category: string;
  card: string;
  birth_on: string | null;
  phone: string;
  guardian_name: string;
  guardian_phone: string;
}

export type Kind = "check_out" | "check_in" | "renew" | "register";

/** A deed, as it is kept, sent and filed. */
export interface DeskEvent {
  id: string;
  number: number;
  kind: Kind;
  wall: string;
  run: string;
  ticks: number;
  user: number;
  rules: string;
  patron?: number;
  registered?: string;
  item?: number;
  barcode?: string;
  due_at?: string;
  waived?: string[];
  newcomer?: Newcomer;
}

/** A deed with the reader whom it made, where it made one. */
export interface Kept {
  event: DeskEvent;
  row?: PatronRow;
}

export interface Verdict {
  allowed: boolean;
  due_at: string | null;
  due_words: string;
  codes: string[];
  waivable: boolean;
  permissions: string[];
  waived: string[];
  sentences: string[];
  remarks: string[];
}

export interface Return {
  action: string;
  action_words: string;
  sentences: string[];
  is_found: boolean;
}

export interface Registration {
  faults: { field: string; text: string }[];
  card: string;
  words: string;
  expires_on: string;
}

/** Who stands at the desk, and what they may. */
export interface Operator {
  id: number;
  name: string;
  may: string[];
  lendsFor: number[];
}

export interface Device {
  uid: string;
  name: string;
  library: { id: number; name: string };
}

/** What the server says of whoever asks. */
export interface Session {
  user: { id: number; name: string };
  library: { id: number; name: string } | null;
  may_use: boolean;
  may: string[];
  lends_for: number[];
  csrf: string;
  now: string;
  rules: string;
  device: (Device & { revoked: boolean; to_do: number }) | null;
}

/** What the page shows at its head. */
export interface Standing {
  phase: "new" | "locked" | "open" | "elsewhere" | "revoked";
  line: "unknown" | "online" | "offline" | "login" | "forbidden";
  device: Device | null;
  users: { id: number; name: string }[];
  session: Session | null;
  operator: Operator | null;
  waiting: number;
  toDo: number;
  takenAt: string | null;
  taking: { done: number; part: string } | null;
  isEngineReady: boolean;
  isWhole: boolean;
  trouble: string;
}

export interface Settings {
  page: string;
  engine: string;
  icons: string;
  rules: string;
}

export interface Shown {
  patron: PatronRow;
  category: string;
  library: string;
  isExpired: boolean;
  loans: ItemRow[];
}

export interface Found {
  item: ItemRow | null;
  holder: PatronRow | null;
  patron: Shown | null;
  patrons: PatronRow[];
  items: ItemRow[];
}

export interface Deed {
  done: boolean;
  item: ItemRow | null;
  patron: Shown | null;
  verdict?: Verdict;
  back?: Return;
  mayWaive?: boolean;
  problem?: "unknown_copy" | "not_on_loan" | "unknown_reader";
}
