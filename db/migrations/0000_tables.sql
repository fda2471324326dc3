CREATE TABLE "api_keys" (
	"hash" text PRIMARY KEY NOT NULL,
	"prefix" text NOT NULL,
	"account_id" text NOT NULL,
	"mode" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "facts" (
	"payment_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"type" text NOT NULL,
	"data" jsonb NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"idempotency_key" text,
	"request_hash" text,
	"postings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "facts_payment_id_sequence_pk" PRIMARY KEY("payment_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "integrations" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"account_id" text NOT NULL,
	"provider" text NOT NULL,
	"mode" text NOT NULL,
	"base_url" text NOT NULL,
	"settings" jsonb NOT NULL,
	"credentials" "bytea" NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "integrations_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"verb" text NOT NULL,
	"attempts" integer NOT NULL,
	"first_attempt_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"exchanges" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outgoing_events" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "outgoing_events_fact" UNIQUE("payment_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"mode" text NOT NULL,
	"lifecycle" text NOT NULL,
	"lifecycle_version" integer NOT NULL,
	"status" text NOT NULL,
	"context" jsonb NOT NULL,
	"sequence" integer NOT NULL,
	"method" text NOT NULL,
	"provider" text NOT NULL,
	"integration_id" text NOT NULL,
	"integration_version" integer NOT NULL,
	"source_kind" text NOT NULL,
	"source_number" text NOT NULL,
	"request" jsonb NOT NULL,
	"request_hash" text NOT NULL,
	"currency" text NOT NULL,
	"requested_minor" bigint NOT NULL,
	"authorized_minor" bigint NOT NULL,
	"captured_minor" bigint NOT NULL,
	"voided_minor" bigint NOT NULL,
	"refunded_minor" bigint NOT NULL,
	"provider_ref" text,
	"needs_attention" text,
	"wake_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "facts" ADD CONSTRAINT "facts_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outgoing_events" ADD CONSTRAINT "outgoing_events_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "facts_idempotency_key" ON "facts" USING btree ("payment_id","idempotency_key") WHERE "facts"."idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX "operations_payment" ON "operations" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "payments_newest" ON "payments" USING btree ("account_id","mode","created_at","id");--> statement-breakpoint
CREATE INDEX "payments_source" ON "payments" USING btree ("account_id","source_number");--> statement-breakpoint
CREATE INDEX "payments_wake" ON "payments" USING btree ("wake_at") WHERE "payments"."wake_at" is not null;