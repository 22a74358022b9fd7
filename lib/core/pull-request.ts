/** A pull request as `gh pr view --json` tells it (https://cli.github.com/manual/gh_pr_view). Others wrote it: hostile. */
import { flag, matching, plain, type Reader, sentence, shaped, whole } from './fields.ts';

/** What of it a task is made from. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  /** The branch it comes from, by its name there, and the commit at its end. */
  readonly headRefName: string;
  readonly headRefOid: string;
  /** The branch it is to go into. */
  readonly baseRefName: string;
  /** Whether it comes from another repository. */
  readonly isCrossRepository: boolean;
  readonly url: string;
}

const reader: Reader<PullRequest> = shaped<PullRequest>({
  number: whole(1, 2 ** 31),
  title: sentence,
  headRefName: plain(255),
  headRefOid: matching(/^[0-9a-f]{40,64}$/),
  baseRefName: plain(255),
  isCrossRepository: flag,
  url: matching(/^https:\/\/\S{1,500}$/),
});

/** The fields to ask `gh` for. */
export const pullRequestFields = 'number,title,headRefName,headRefOid,baseRefName,isCrossRepository,url';

/** What was printed as a pull request, or null when it is none. */
export function parsePullRequest(value: unknown): PullRequest | null {
  return reader(value) ?? null;
}

/** The name of a branch here for it: its own, but for one from elsewhere that is called as what it is to go into. */
export function branchFor(request: PullRequest): string {
  const { number, headRefName, baseRefName, isCrossRepository } = request;
  return isCrossRepository && headRefName === baseRefName ? `pr-${number}` : headRefName;
}

/** `owner/name` of the repository that it is to go into, in lower case; null for an address of another form. */
export function repositoryOf({ url }: Pick<PullRequest, 'url'>): string | null {
  return /^https:\/\/[^/]+\/([^/]+\/[^/]+)\/pull\/\d+$/.exec(url)?.[1]?.toLowerCase() ?? null;
}
