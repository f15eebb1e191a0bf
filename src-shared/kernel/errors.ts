/**
 * Every refusal that a door may answer, with its HTTP status. The code is stable and machine-readable; the human sentence is
 * looked up in `kernel/messages.{ru,en}.json` under `errors.<code or detail>` in the language of the caller.
 */
export const ERROR_STATUS = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  OTP_REQUIRED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  IDEMPOTENCY_MISMATCH: 409,
  VERSION_MISMATCH: 409,
  TOO_LARGE: 413,
  INVALID: 422,
  REFERENCE_NOT_FOUND: 422,
  REFERENCE_AMBIGUOUS: 422,
  LOCKED: 423,
  RATE_LIMITED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  NOT_IMPLEMENTED: 501,
  STORE_UNAVAILABLE: 503,
  TIMEOUT: 504,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** One thing that may have been meant by an ambiguous reference. */
export interface Candidate {
  id: string;
  no: number | null;
  label: string;
}

/** What accompanies a refusal: which field, which message, what would have fitted. */
export interface ErrorData {
  /** The field at fault, in the spelling of the contract (`client_id`, `phones.0`). */
  field?: string | undefined;
  /** Message key below `errors.`; the code itself when absent. */
  detail?: string | undefined;
  /** Values for the placeholders of the message. */
  params?: Record<string, string | number> | undefined;
  candidates?: Candidate[] | undefined;
  /** All fields at fault, when there is more than one. */
  issues?: { field: string; detail: string; params?: Record<string, string | number> | undefined }[] | undefined;
  correlation_id?: string | undefined;
}

/** A refusal made by the house itself; doors translate it into their own form. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, data: ErrorData = {}) {
    super(data.detail ?? code);
    this.name = 'AppError';
    this.code = code;
    this.data = data;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** The typed refusal for a value that does not fit its field. */
export function invalid(field: string, detail: string, params?: Record<string, string | number>): AppError {
  return new AppError('INVALID', { field, detail, params });
}
