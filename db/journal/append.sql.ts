/**
 * Appends facts in one statement that takes effect only at the expected sequence and state, and
 * tells what lies in the journal. `head` is the sequence before this statement.
 *
 * $1 payment, $2 expected sequence, $3 expected context, $4 the payment's new columns (null when
 * there are no facts), $5 facts, $6 outgoing events, $7 operation about to be attempted (or null),
 * $8 operation that $9 (exchanges) are evidence of, $10 its outcome, $11 when a command among the
 * facts stops to be valid (or null), $12 whether the attempt at $8 surely reached nobody.
 */
export const APPEND = `
with moved as (
  update payments p set
    lifecycle_version = n.lifecycle_version, status = n.status, context = n.context,
    sequence = n.sequence,
    authorized_minor = n.authorized_minor, captured_minor = n.captured_minor,
    voided_minor = n.voided_minor, refunded_minor = n.refunded_minor,
    disputed_minor = n.disputed_minor, charged_back_minor = n.charged_back_minor,
    provider_ref = n.provider_ref, needs_attention = n.needs_attention,
    attention_since = case when n.needs_attention is not null
      then coalesce(p.attention_since, n.updated_at) end,
    wake_at = n.wake_at, updated_at = n.updated_at
  from jsonb_to_record($4::jsonb) as n(
    lifecycle_version int, status text, context jsonb, sequence int,
    authorized_minor bigint, captured_minor bigint, voided_minor bigint, refunded_minor bigint,
    disputed_minor bigint, charged_back_minor bigint,
    provider_ref text, needs_attention text, wake_at timestamptz, updated_at timestamptz)
  where p.id = $1 and p.sequence = $2 and p.context = $3::jsonb and $4::jsonb is not null
    and ($11::timestamptz is null or clock_timestamp() <= $11)
  returning p.id
), written as (
  insert into facts (payment_id, sequence, type, data, actor, at, idempotency_key, request_hash, postings)
  select m.id, f.sequence, f.type, f.data, f.actor, f.at, f.idempotency_key, f.request_hash, f.postings
  from moved m, jsonb_to_recordset($5::jsonb) as f(
    sequence int, type text, data jsonb, actor text, at timestamptz,
    idempotency_key text, request_hash text, postings jsonb)
), told as (
  insert into outgoing_events (id, payment_id, sequence, type, payload, created_at)
  select e.id, m.id, e.sequence, e.type, e.payload, e.created_at
  from moved m, jsonb_to_recordset($6::jsonb) as e(
    id text, sequence int, type text, payload jsonb, created_at timestamptz)
), attempted as (
  insert into operations (id, payment_id, verb, attempts, first_attempt_at, last_attempt_at)
  select o.id, $1, o.verb, 1, now(), now()
  from jsonb_to_record($7::jsonb) as o(id text, verb text, "isQuestion" boolean)
  where o.id is not null and ($11::timestamptz is null or clock_timestamp() <= $11
    or exists (select 1 from payments where id = $1 and sequence > $2))
  on conflict (id) do update set
    last_attempt_at = case when ($7::jsonb ->> 'isLook')::boolean
      then operations.last_attempt_at else now() end,
    attempts = operations.attempts
      + (select case when "isQuestion" then 0 else 1 end
         from jsonb_to_record($7::jsonb) as o("isQuestion" boolean))
  returning attempts, first_attempt_at
), evidenced as (
  update operations
  set exchanges = exchanges || $9::jsonb,
      attempts = case when $12::boolean then greatest(attempts - 1, 0) else attempts end,
      outcome = case when exists (select 1 from moved) then coalesce($10, outcome) else outcome end
  where id = $8
)
select
  p.sequence as head,
  $11::timestamptz is not null and clock_timestamp() > $11 as is_late,
  exists (select 1 from moved) as moved,
  p.context = $3::jsonb as same_state,
  p.request, p.account_id, p.mode, p.provider, p.integration_id, p.integration_version,
  p.source_kind, p.source_number, p.provider_ref,
  a.attempts, a.first_attempt_at,
  -- As it was before this statement.
  (select o.last_attempt_at from operations o where o.id = $7::jsonb ->> 'id') as last_attempt_at,
  case when p.sequence > $2 then (
    select jsonb_agg(jsonb_build_object('sequence', f.sequence, 'type', f.type, 'data', f.data,
      'actor', f.actor, 'at', extract(epoch from f.at) * 1000) order by f.sequence)
    from facts f where f.payment_id = $1 and f.sequence > $2
  ) end as later
from payments p left join attempted a on true
where p.id = $1`;

/** Inserts a payment with its first fact, unless its id is taken. $1 payment columns, $2 the fact. */
export const OPEN = `
with opened as (
  insert into payments (
    id, account_id, mode, lifecycle, lifecycle_version, status, context, sequence, method, provider,
    integration_id, integration_version, source_kind, source_number, request, request_hash,
    currency, requested_minor, authorized_minor, captured_minor, voided_minor, refunded_minor,
    wake_at, created_at, updated_at)
  select
    id, account_id, mode, lifecycle, lifecycle_version, status, context, 1, method, provider,
    integration_id, integration_version, source_kind, source_number, request, request_hash,
    currency, requested_minor, 0, 0, 0, 0, wake_at, created_at, created_at
  from jsonb_to_record($1::jsonb) as p(
    id text, account_id text, mode text, lifecycle text, lifecycle_version int, status text,
    context jsonb, method text, provider text, integration_id text, integration_version int,
    source_kind text, source_number text, request jsonb, request_hash text, currency text,
    requested_minor bigint, wake_at timestamptz, created_at timestamptz)
  on conflict (id) do nothing
  returning id, created_at
)
insert into facts (payment_id, sequence, type, data, actor, at)
select o.id, 1, 'payment.requested', $2::jsonb, $3, o.created_at from opened o
returning payment_id`;
