import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { readFileSync } from "node:fs";

const identifiers: Record<string, string> = JSON.parse(
  readFileSync(new URL("../input/identifiers.json", import.meta.url), "utf8"),
);

export interface AnswerError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; retryAfter?: number; traceId?: string };
}

/** What was refused outside of a mutation's own answers; switch on `errors[].extensions.code`. */
export class Refused extends Error {
  constructor(readonly errors: AnswerError[]) {
    super(errors.map((error) => error.message).join(" "));
  }
}

/** Sends published documents by their identifiers, as a server takes them that answers no others. */
export class PublishedClient {
  constructor(
    private readonly url: string,
    public language = "en",
    public token: string | null = null,
  ) {}

  async send<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const name = nameOf(document);
    const reply = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "accept-language": this.language,
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify({ documentId: identifiers[name], operationName: name, variables }),
      signal: AbortSignal.timeout(30_000),
    });
    const body = (await reply.json()) as { data?: Result | null; errors?: AnswerError[] };
    if (body.errors || !body.data) throw new Refused(body.errors ?? []);
    return body.data;
  }
}

function nameOf(document: TypedDocumentNode<unknown, never>): string {
  for (const definition of document.definitions)
    if (definition.kind === "OperationDefinition" && definition.name) return definition.name.value;
  throw new TypeError("The document has no operation with a name.");
}
