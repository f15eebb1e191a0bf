CREATE TABLE `remote_addresses` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`client_id` text NOT NULL,
	`asset_id` text,
	`tool` text NOT NULL,
	`address` text NOT NULL,
	`alias` text,
	`machine` text,
	`comment` text,
	`online` text,
	`last_seen_at` text,
	`version_of_tool` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `remote_addresses_id_unique` ON `remote_addresses` (`id`);--> statement-breakpoint
CREATE INDEX `remote_addresses_by_client` ON `remote_addresses` (`client_id`);--> statement-breakpoint
CREATE INDEX `remote_addresses_by_asset` ON `remote_addresses` (`asset_id`);--> statement-breakpoint
CREATE INDEX `remote_addresses_by_created` ON `remote_addresses` (`created_at`);--> statement-breakpoint
CREATE INDEX `remote_addresses_by_seen` ON `remote_addresses` (`last_seen_at`);--> statement-breakpoint
CREATE INDEX `remote_addresses_by_no` ON `remote_addresses` (`no`);--> statement-breakpoint
CREATE INDEX `remote_addresses_by_deleted` ON `remote_addresses` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `remote_requests` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`client_id` text NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`machine` text,
	`finished_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `remote_requests_id_unique` ON `remote_requests` (`id`);--> statement-breakpoint
CREATE INDEX `remote_requests_by_client` ON `remote_requests` (`client_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `remote_requests_by_no` ON `remote_requests` (`no`);--> statement-breakpoint
CREATE INDEX `remote_requests_by_deleted` ON `remote_requests` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `remote_sessions` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`client_id` text NOT NULL,
	`address_id` text,
	`ticket_id` text,
	`asset_id` text,
	`contract_id` text,
	`user_id` text,
	`tool` text,
	`address` text,
	`started_at` text NOT NULL,
	`ended_at` text,
	`summary` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `remote_sessions_id_unique` ON `remote_sessions` (`id`);--> statement-breakpoint
CREATE INDEX `remote_sessions_by_start` ON `remote_sessions` (`started_at`);--> statement-breakpoint
CREATE INDEX `remote_sessions_by_client` ON `remote_sessions` (`client_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `remote_sessions_by_ticket` ON `remote_sessions` (`ticket_id`);--> statement-breakpoint
CREATE INDEX `remote_sessions_by_asset` ON `remote_sessions` (`asset_id`);--> statement-breakpoint
CREATE INDEX `remote_sessions_by_contract` ON `remote_sessions` (`contract_id`);--> statement-breakpoint
CREATE INDEX `remote_sessions_by_user` ON `remote_sessions` (`user_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `remote_sessions_by_no` ON `remote_sessions` (`no`);--> statement-breakpoint
CREATE INDEX `remote_sessions_by_deleted` ON `remote_sessions` (`deleted_at`) WHERE deleted_at IS NOT NULL;