import type {Micros} from '../../../event/event.ts';
import type {HttpRequest, HttpResponse} from '../decode/application/http.ts';
import type {Conversation, Fields, RowDraft, Said} from './conversation.ts';
import {weightOfRequest} from './weight.ts';

const mostWaiting = 16;

/** A request waits for its response; the response makes a row of both. */
export function addHttp(talk: Conversation, facts: HttpRequest | HttpResponse, time: Micros): readonly RowDraft[] {
  talk.requests ??= [];
  if (facts.kind === 'http-response') return [httpRow(talk.requests.shift(), {time, facts})];
  if (Object.keys(talk.fields).length === 0) Object.assign(talk.fields, requestFields(facts));
  talk.requests.push({time, facts, weight: weightOfRequest(facts)});
  const pushed = talk.requests.length > mostWaiting ? talk.requests.shift() : undefined;
  return pushed ? [httpRow(pushed, undefined)] : [];
}

export function unansweredHttp(talk: Conversation): readonly RowDraft[] {
  return (talk.requests ?? []).map(asked => httpRow(asked, undefined));
}

function httpRow(asked: Said<HttpRequest> | undefined, answered: Said<HttpResponse> | undefined): RowDraft {
  const fields: Fields = {'network.protocol': 'http', ...(asked && requestFields(asked.facts))};
  if (answered) Object.assign(fields, responseFields(answered.facts));
  if (asked && answered) fields['event.duration'] = Math.max(0, answered.time - asked.time) * 1000;
  const what = asked ? `${asked.facts.method} ${urlOf(asked.facts)}` : 'response';
  const outcome = answered ? ` → ${answered.facts.status}` : ': no answer';
  return {time: asked?.time ?? answered?.time ?? 0, dataset: 'http', message: `${what}${outcome}`, fields};
}

function requestFields(facts: HttpRequest): Fields {
  const [path = '', query] = facts.target.split('?', 2);
  const fields: Fields = {'http.request.method': facts.method, 'url.original': facts.target, 'url.path': path};
  if (query !== undefined) fields['url.query'] = query;
  if (facts.host !== '')
    Object.assign(fields, {'http.request.host': facts.host, 'destination.domain': bare(facts.host)});
  if (facts.userAgent !== '') fields['user_agent.original'] = facts.userAgent;
  if (facts.version !== '') fields['http.version'] = facts.version;
  return fields;
}

function responseFields(facts: HttpResponse): Fields {
  const fields: Fields = {'http.response.status_code': facts.status};
  if (facts.contentType !== '') fields['http.response.mime_type'] = facts.contentType;
  if (facts.server !== '') fields['http.response.server'] = facts.server;
  return fields;
}

function urlOf({host, target}: HttpRequest): string {
  return target.startsWith('/') ? `${host}${target}` : target;
}

/** Without the port. */
function bare(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
