import { UserError } from '../model/user-error.ts';

/** A sentence about what is no description; `fact` completes "FILE …". */
export function notADescription(location: string, fact: string): UserError {
  return new UserError('not-a-description', `${location} ${fact}, not an OpenAPI or Swagger description.`, {
    hint: 'Give an OpenAPI 3 or Swagger 2 document, as JSON or YAML, with --spec; or a file with a HAR recording or a Postman collection.',
  });
}
